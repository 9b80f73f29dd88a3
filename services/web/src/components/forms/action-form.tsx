import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { Action } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

type ActionFormProps = {
  action: Action
  submit: string
  /** Told when the form is sent, by button or Enter. */
  onSubmit(): void
  children: ReactNode
  area?: string
  ready?: boolean
  danger?: boolean
  /** Stands beside the button. */
  aside?: ReactNode
  label?: string
  block?: boolean
}

/** A form that does one thing: its fields, its failure, its button. */
export function ActionForm(props: ActionFormProps) {
  const { action, submit, onSubmit, children, area, ready = true, danger = false, aside, label, block = false } = props
  return (
    <form
      className="form"
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        if (ready) onSubmit()
      }}
    >
      {children}
      <FailureAlert failure={action.failure} onDismiss={action.dismiss} {...(area !== undefined && { area })} />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" danger={danger} loading={action.busy} disabled={!ready} block={block}>
          {submit}
        </Button>
        {aside}
      </div>
    </form>
  )
}
