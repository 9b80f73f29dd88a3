import type { SessionView } from '@askwire/contracts'
import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/jobs-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

type EraseDialogProps = {
  session: SessionView | undefined
  onErased(sessionId: string): void
  onClose(): void
}

/** Asks before a session is erased for good: there is no way back. */
export function EraseDialog({ session, onErased, onClose }: EraseDialogProps) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  const erase = async ({ id }: SessionView): Promise<void> => {
    await api.eraseSession(id)
    onErased(id)
  }
  const close = (): void => {
    dismiss()
    onClose()
  }
  return (
    <Modal
      open={session !== undefined}
      title={t('takeAway.eraseQuestion', { title: session?.title ?? t('nav.untitled') })}
      onCancel={close}
      width={440}
      destroyOnHidden
      footer={[
        <Button key="cancel" onClick={close}>
          {t('form.cancel')}
        </Button>,
        <Button
          key="erase"
          danger
          type="primary"
          loading={busy}
          onClick={() => session && void run(() => erase(session))}
        >
          {t('takeAway.erase')}
        </Button>,
      ]}
    >
      <p>{t('takeAway.eraseNote')}</p>
      <FailureAlert failure={failure} area="sessionsFailure" onDismiss={dismiss} />
    </Modal>
  )
}
