import { useTranslation } from 'react-i18next'
import { TextField } from '../forms/field.tsx'

/** As the contract has it; its module can not be loaded by a browser. */
export const MIN_PASSWORD_LENGTH = 10
export const MAX_PASSWORD_LENGTH = 200

/** A password to be set. It may be shown while it is typed, so it is asked for once. */
export function NewPasswordField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('auth.newPassword')}
      type="password"
      value={value}
      onChange={onChange}
      autoComplete="new-password"
      maxLength={MAX_PASSWORD_LENGTH}
      hint={t('auth.passwordRule', { min: MIN_PASSWORD_LENGTH })}
    />
  )
}
