import { LockOutlined } from '@ant-design/icons'
import type { ShareView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../hooks/use-dates.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'

type ShareRowProps = { share: ShareView; onRevoke(): Promise<void> }

/** One link of a session: since when, until when, how often it was opened; and the end of it. */
export function ShareRow({ share, onRevoke }: ShareRowProps) {
  const { t } = useTranslation()
  const { date, time } = useDates()
  const made = time(share.createdAt)
  return (
    <li>
      <span>
        {made}
        <small>
          {' · '}
          {t('share.views', { count: share.views })}
          {share.expiresAt !== null && ` · ${t('share.until', { at: date(share.expiresAt) })}`}
          {share.protected && (
            <>
              {' · '}
              <LockOutlined aria-hidden /> {t('share.protected')}
            </>
          )}
        </small>
      </span>
      <RevokeButton name={made} onRevoke={onRevoke} />
    </li>
  )
}

/** Ends a link, after asking. */
export function RevokeButton({ name, onRevoke }: { name: string; onRevoke(): Promise<void> }) {
  const { t } = useTranslation()
  return (
    <ConfirmButton
      label={t('share.revoke')}
      name={name}
      question={t('share.revokeQuestion')}
      consequence={<p>{t('share.revokeNote')}</p>}
      onConfirm={onRevoke}
      area="formFailure"
    />
  )
}
