import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { PageLink } from '../layout/page-link.tsx'
import { AuthCard } from './auth-card.tsx'
import { MIN_PASSWORD_LENGTH, NewPasswordField } from './new-password-field.tsx'

/** Sets a new password with the secret of a mailed link. Every login of the account ends, so one signs in afterwards. */
export function ResetPage({ token }: { token: string }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const action = useAction()
  const reset = async (): Promise<void> => {
    if (await action.run(() => api.resetPassword(token, password))) setDone(true)
  }
  return (
    <AuthCard title={t('auth.reset')}>
      {done ? (
        <Alert type="success" showIcon role="status" title={t('auth.resetDone')} />
      ) : (
        <ActionForm
          action={action}
          submit={t('auth.setPassword')}
          onSubmit={() => void reset()}
          ready={password.length >= MIN_PASSWORD_LENGTH}
          area="linkFailure"
          block
        >
          <NewPasswordField value={password} onChange={setPassword} />
        </ActionForm>
      )}
      <p className="auth-links">
        <PageLink to="/signin">{t('auth.signIn')}</PageLink>
        {!done && <PageLink to="/forgot">{t('auth.newLink')}</PageLink>}
      </p>
    </AuthCard>
  )
}
