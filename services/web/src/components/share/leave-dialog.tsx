import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'

type LeaveDialogProps = {
  session: SessionView | undefined
  onLeft(sessionId: string): void
  onClose(): void
}

/** Asks before somebody leaves a colleague's session: only its owner can let them in again. */
export function LeaveDialog({ session, onLeft, onClose }: LeaveDialogProps) {
  const { t } = useTranslation()
  const leave = async (): Promise<void> => {
    if (!session) return
    await api.leaveSession(session.id)
    onLeft(session.id)
  }
  return (
    <ConfirmDialog
      open={session !== undefined}
      question={t('members.leaveQuestion', { title: session?.title ?? t('nav.untitled') })}
      confirm={t('members.leave')}
      onConfirm={leave}
      onClose={onClose}
      area="sessionsFailure"
    >
      <p>{t('members.leaveNote')}</p>
    </ConfirmDialog>
  )
}
