import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { ConfirmDialog } from './confirm-dialog.tsx'

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
  const [open, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const confirm = async (): Promise<void> => {
    await onConfirm()
    close()
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
      <ConfirmDialog
        open={open}
        question={question}
        confirm={label}
        onConfirm={confirm}
        onClose={close}
        danger={danger}
        {...(area !== undefined && { area })}
      >
        {consequence}
      </ConfirmDialog>
    </>
  )
}
