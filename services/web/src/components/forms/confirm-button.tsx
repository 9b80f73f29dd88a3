import { Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

type ConfirmButtonProps = {
  label: string
  /** What is asked, as a sentence. */
  question: string
  /** What follows from it. */
  consequence?: ReactNode
  onConfirm(): Promise<unknown>
  area?: string
  danger?: boolean
  disabled?: boolean
  /** Tells equal buttons apart. */
  name?: string
}

/** A button for what cannot simply be undone: it asks first, and says when it did not work. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, question, consequence, onConfirm, area, danger = true, disabled = false, name } = props
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { busy, failure, run, dismiss } = useAction()
  const close = (): void => {
    setOpen(false)
    dismiss()
  }
  const confirm = async (): Promise<void> => {
    if (await run(onConfirm)) setOpen(false)
  }
  return (
    <>
      <Button
        size="small"
        danger={danger}
        disabled={disabled}
        aria-label={name ? `${label}: ${name}` : undefined}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal
        open={open}
        title={question}
        okText={label}
        okButtonProps={{ danger }}
        cancelText={t('form.cancel')}
        confirmLoading={busy}
        onOk={() => void confirm()}
        onCancel={close}
        width={440}
        destroyOnHidden
      >
        {consequence}
        <FailureAlert failure={failure} onDismiss={dismiss} {...(area !== undefined && { area })} />
      </Modal>
    </>
  )
}
