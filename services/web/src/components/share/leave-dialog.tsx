import type { SessionView } from '@askwire/contracts'
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

type LeaveDialogProps = {
  session: SessionView | undefined
  onLeft(sessionId: string): void
  onClose(): void
}

/** Asks before somebody leaves a colleague's session: only its owner can let them in again. */
export function LeaveDialog({ session, onLeft, onClose }: LeaveDialogProps) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  const leave = async ({ id }: SessionView): Promise<void> => {
    await api.leaveSession(id)
    onLeft(id)
  }
  const close = (): void => {
    dismiss()
    onClose()
  }
  return (
    <Modal
      open={session !== undefined}
      title={t('members.leaveQuestion', { title: session?.title ?? t('nav.untitled') })}
      okText={t('members.leave')}
      okButtonProps={{ danger: true }}
      cancelText={t('form.cancel')}
      confirmLoading={busy}
      onOk={() => session && void run(() => leave(session))}
      onCancel={close}
      width={440}
      destroyOnHidden
    >
      <p>{t('members.leaveNote')}</p>
      <FailureAlert failure={failure} area="sessionsFailure" onDismiss={dismiss} />
    </Modal>
  )
}
