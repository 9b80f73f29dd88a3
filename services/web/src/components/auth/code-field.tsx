import { useTranslation } from 'react-i18next'
import { TextField } from '../forms/field.tsx'

type CodeFieldProps = { value: string; onChange(value: string): void; autoFocus?: boolean; backup?: boolean }

/** The code of an authenticator, or (`backup`) one of the backup codes. */
export function CodeField({ value, onChange, autoFocus = false, backup = true }: CodeFieldProps) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('auth.code')}
      value={value}
      onChange={onChange}
      autoComplete="one-time-code"
      maxLength={20}
      autoFocus={autoFocus}
      hint={backup ? t('auth.codeHint') : t('auth.codeHintNew')}
      {...(!backup && { inputMode: 'numeric' as const })}
    />
  )
}
