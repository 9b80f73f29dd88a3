import { useTranslation } from 'react-i18next'
import { MfaPanel } from './mfa-panel.tsx'
import { PasswordForm } from './password-form.tsx'
import { ProviderPanel } from './provider-panel.tsx'

/** What guards the account: its password and its authenticator. */
export function SecuritySection() {
  const { t } = useTranslation()
  return (
    <>
      <h2>{t('auth.password')}</h2>
      <PasswordForm />
      <h2>{t('mfa.title')}</h2>
      <MfaPanel />
      <ProviderPanel />
    </>
  )
}
