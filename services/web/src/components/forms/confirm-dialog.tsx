import { Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

type ConfirmDialogProps = {
  open: boolean
  /** What is asked, as a sentence. */
  question: string
  /** What the button says that does it. */
  confirm: string
  /** Does it, and sees to it that the dialog is closed. While it rejects the dialog stays, with the failure. */
  onConfirm(): Promise<unknown>
  onClose(): void
  area?: string
  danger?: boolean
  /** What follows from it. */
  children?: ReactNode
}

/** Asks before something is done that cannot simply be undone, and says when it did not work. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, question, confirm, onConfirm, onClose, area, danger = true, children } = props
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  return (
    <Modal
      open={open}
      title={question}
      okText={confirm}
      okButtonProps={{ danger }}
      cancelText={t('form.cancel')}
      confirmLoading={busy}
      onOk={() => void run(onConfirm)}
      onCancel={() => {
        dismiss()
        onClose()
      }}
      width={440}
      destroyOnHidden
    >
      {children}
      <FailureAlert failure={failure} onDismiss={dismiss} {...(area !== undefined && { area })} />
    </Modal>
  )
}
