import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/jobs-api.ts'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'

type EraseDialogProps = {
  session: SessionView | undefined
  onErased(sessionId: string): void
  onClose(): void
}

/** Asks before a session is erased for good: there is no way back. */
export function EraseDialog({ session, onErased, onClose }: EraseDialogProps) {
  const { t } = useTranslation()
  const erase = async (): Promise<void> => {
    if (!session) return
    await api.eraseSession(session.id)
    onErased(session.id)
  }
  return (
    <ConfirmDialog
      open={session !== undefined}
      question={t('takeAway.eraseQuestion', { title: session?.title ?? t('nav.untitled') })}
      confirm={t('takeAway.erase')}
      onConfirm={erase}
      onClose={onClose}
      area="sessionsFailure"
    >
      <p>{t('takeAway.eraseNote')}</p>
    </ConfirmDialog>
  )
}
