import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'
import { PageLink } from '../layout/page-link.tsx'
import { AuthCard } from './auth-card.tsx'

/** Asks for a mail with a link that sets a new password. Says the same whether there is such an account or not. */
export function ForgotPage() {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const action = useAction()
  const send = async (): Promise<void> => {
    if (await action.run(() => api.forgotPassword(email.trim()))) setSent(true)
  }
  return (
    <AuthCard title={t('auth.forgot')} note={sent ? undefined : t('auth.forgotNote')}>
      {sent ? (
        <Alert type="success" showIcon role="status" title={t('auth.forgotSent')} />
      ) : (
        <ActionForm
          action={action}
          submit={t('auth.sendLink')}
          onSubmit={() => void send()}
          ready={/^\S+@\S+$/.test(email.trim())}
          area="formFailure"
          block
        >
          <TextField
            label={t('auth.email')}
            type="email"
            value={email}
            onChange={setEmail}
            autoComplete="username"
            autoFocus
          />
        </ActionForm>
      )}
      <p className="auth-links">
        <PageLink to="/signin">{t('auth.back')}</PageLink>
      </p>
    </AuthCard>
  )
}
