import { ArrowLeftOutlined } from '@ant-design/icons'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { SettingsBar } from '../settings-bar.tsx'
import { PageLink } from './page-link.tsx'

type SectionPageProps = {
  title: string
  sections: readonly { path: string; label: string }[]
  current: { path: string; label: string } | undefined
  children: ReactNode
}

/** A page of several sections: their links at the left (above on a phone), the open one beside. */
export function SectionPage({ title, sections, current, children }: SectionPageProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const nav = useRef<HTMLElement>(null)
  const label = current?.label
  useEffect(() => {
    document.title = label ? `${label} · Askwire` : 'Askwire'
    // Whoever reads by ear hears where they are now.
    heading.current?.focus()
    // On a phone the links are a row that scrolls.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [label])
  return (
    <div className="section-page">
      <nav ref={nav} className="section-nav" aria-label={title}>
        <PageLink to="/" className="back">
          <ArrowLeftOutlined aria-hidden /> {t('nav.back')}
        </PageLink>
        <p className="section-nav-title">{title}</p>
        <ul>
          {sections.map(({ path, label: name }) => (
            <li key={path}>
              <PageLink to={path} current={path === current?.path} className="section-link">
                {name}
              </PageLink>
            </li>
          ))}
        </ul>
        <SettingsBar />
      </nav>
      <main className="section-main">
        <div className="section-column">
          <h1 ref={heading} tabIndex={-1}>
            {label ?? title}
          </h1>
          {children}
        </div>
      </main>
    </div>
  )
}
