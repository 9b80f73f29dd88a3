import { useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

/** Loads the next page of a list when its end comes into sight. */
export function MoreSentinel({ more }: { more: (() => Promise<void>) | undefined }) {
  const { t } = useTranslation()
  const end = useRef<HTMLDivElement>(null)
  const { busy, failure, run } = useAction()
  const load = useEffectEvent(() => {
    if (more && !failure) void run(more)
  })
  useEffect(() => {
    if (!more || !end.current) return
    // Made anew for every page: the end may still be in sight after one.
    const observer = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && load(), {
      rootMargin: '200px',
    })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [more])
  if (!more) return null
  return (
    <div ref={end} className="more" aria-busy={busy}>
      <FailureAlert failure={failure} area="formFailure" onRetry={() => void run(more)} />
      {busy && <span className="note">{t('form.loading')}</span>}
    </div>
  )
}
