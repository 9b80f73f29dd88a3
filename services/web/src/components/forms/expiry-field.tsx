import { useTranslation } from 'react-i18next'
import { SelectField } from './field.tsx'

type ExpiryFieldProps<T extends 'never' | `${number}`> = {
  label: string
  value: T
  /** Days, in the order they are offered. */
  choices: readonly NoInfer<T>[]
  onChange(value: NoInfer<T>): void
}

/** In how many days something ends, or that it never does. */
export function ExpiryField<T extends 'never' | `${number}`>({ label, value, choices, onChange }: ExpiryFieldProps<T>) {
  const { t } = useTranslation()
  const labelOf = (choice: T): string =>
    choice === 'never' ? t('form.never') : t('form.inDays', { count: Number(choice) })
  return (
    <SelectField
      label={label}
      value={value}
      options={choices.map((choice) => ({ value: choice, label: labelOf(choice) }))}
      onChange={onChange}
    />
  )
}
