import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { LoadView } from '../layout/load-view.tsx'
import { SecretView } from '../layout/secret-view.tsx'
import { LinkForm } from './link-form.tsx'
import { ShareRow } from './share-row.tsx'

/** Makes a link to a snapshot of a session, shows it once, and lists those there are. */
export function LinksPanel({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation()
  const [made, setMade] = useState<string>()
  const shares = useLoad(useCallback(() => api.listSharesOf(sessionId), [sessionId]))
  const revoke = async (shareId: string): Promise<void> => {
    await api.revokeShare(shareId)
    shares.put((now) => now.filter(({ id }) => id !== shareId))
  }
  return (
    <section className="panel" aria-label={t('share.links')}>
      <h3>{t('share.links')}</h3>
      <p className="note">{t('share.linksNote')}</p>
      {made !== undefined && (
        <div role="status">
          <p className="note">{t('share.madeNote')}</p>
          <SecretView label={t('share.made')} lines={[made]} />
        </div>
      )}
      <LinkForm
        sessionId={sessionId}
        onMade={({ url }) => {
          // Without an address of its own the gateway answers with a path.
          setMade(new URL(url, location.origin).href)
          shares.reload()
        }}
      />
      <LoadView loaded={shares}>
        {(items) =>
          items.length > 0 && (
            <ul className="pick-list" aria-label={t('share.list')}>
              {items.map((share) => (
                <ShareRow key={share.id} share={share} onRevoke={() => revoke(share.id)} />
              ))}
            </ul>
          )
        }
      </LoadView>
    </section>
  )
}
