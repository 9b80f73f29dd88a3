import type { MouseEvent, ReactNode } from 'react'
import { navigate } from '../../state/navigation.ts'

type PageLinkProps = {
  to: string
  children: ReactNode
  className?: string
  current?: boolean
  onFollow?(): void
}

/** A link to another address of the page, which is shown without loading anything. */
export function PageLink({ to, children, className, current, onFollow }: PageLinkProps) {
  const follow = (event: MouseEvent): void => {
    // A new tab or window is the browser's affair.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    navigate(to)
    onFollow?.()
  }
  return (
    <a href={to} className={className} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
