import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../forms/form-dialog.tsx'
import { LinksPanel } from './links-panel.tsx'
import { MembersPanel } from './members-panel.tsx'

type ShareDialogProps = { session: SessionView | undefined; onClose(): void }

/** Shows a session of mine to others: a snapshot by link to anybody, the session itself to colleagues. */
export function ShareDialog({ session, onClose }: ShareDialogProps) {
  const { t } = useTranslation()
  return (
    <FormDialog open={session !== undefined} title={t('share.title')} onClose={onClose} width={600}>
      {session && (
        <div className="panels" key={session.id}>
          <LinksPanel sessionId={session.id} />
          <MembersPanel sessionId={session.id} />
        </div>
      )}
    </FormDialog>
  )
}
