import { Input } from 'antd'
import { type HTMLAttributes, type ReactNode, useId } from 'react'

type FieldProps = {
  label: string
  hint?: ReactNode
  /** What is wrong with it. */
  error?: string | undefined
  /** Gets the id and the description it must carry. */
  children(props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }): ReactNode
}

/** One field of a form: its label, itself, and what is to be said of it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': error !== undefined })}
      {note && (
        <p id={`${id}-note`} className={error ? 'field-note error' : 'field-note'} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  )
}

type TextFieldProps = {
  label: string
  value: string
  onChange(value: string): void
  type?: 'text' | 'email' | 'password' | 'number' | 'search' | 'date'
  hint?: ReactNode
  error?: string | undefined
  autoComplete?: string
  autoFocus?: boolean
  inputMode?: HTMLAttributes<HTMLInputElement>['inputMode']
  maxLength?: number
  min?: number
  max?: number
  placeholder?: string
  readOnly?: boolean
}

/** A field for a line of text. */
export function TextField({ label, value, onChange, type = 'text', hint, error, ...rest }: TextFieldProps) {
  const Control = type === 'password' ? Input.Password : Input
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <Control
          {...props}
          {...rest}
          {...(type !== 'password' && { type })}
          {...(error !== undefined && { status: 'error' as const })}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

type SelectFieldProps<T extends string> = {
  label: string
  value: T
  options: readonly { value: NoInfer<T>; label: string }[]
  onChange(value: NoInfer<T>): void
  hint?: ReactNode
}

/** A choice of one. The browser's own control: it works by keyboard, on phones and for screen readers as people know it. */
export function SelectField<T extends string>({ label, value, options, onChange, hint }: SelectFieldProps<T>) {
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <select
          {...props}
          className="select"
          value={value}
          onChange={({ target }) => {
            const chosen = options.find((option) => option.value === target.value)
            if (chosen) onChange(chosen.value)
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

type ChecksFieldProps<T extends string> = {
  label: string
  value: readonly T[]
  options: readonly { value: T; label: string; note?: string }[]
  onChange(value: T[]): void
  disabled?: boolean
}

/** A choice of any number. */
export function ChecksField<T extends string>({ label, value, options, onChange, disabled }: ChecksFieldProps<T>) {
  return (
    <fieldset className="checks" disabled={disabled}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input
            type="checkbox"
            checked={value.includes(option.value)}
            onChange={({ target }) => {
              const rest = value.filter((one) => one !== option.value)
              onChange(target.checked ? [...rest, option.value] : rest)
            }}
          />
          <span>
            {option.label}
            {option.note && <small>{option.note}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
