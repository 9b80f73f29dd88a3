import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { auth } from '../../state/auth-store.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'
import { PageLink } from '../layout/page-link.tsx'
import { AuthCard } from './auth-card.tsx'
import { useAuthOptions } from './auth-options.ts'
import { MIN_PASSWORD_LENGTH, NewPasswordField } from './new-password-field.tsx'
import { OidcButton } from './oidc-button.tsx'

/** Makes an account, with an invitation's secret where one was followed. */
export function SignUpPage({ invitation, onDone }: { invitation: string | undefined; onDone(): void }) {
  const { t } = useTranslation()
  const options = useAuthOptions()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const action = useAction()
  const invited = invitation !== undefined
  const closed = !invited && options !== undefined && options.registration !== 'open' && !options.firstAccount
  const ready = name.trim() !== '' && /^\S+@\S+$/.test(email.trim()) && password.length >= MIN_PASSWORD_LENGTH

  const signUp = async (): Promise<void> => {
    const made = await action.run(async () => {
      const signedIn = await api.register({ name: name.trim(), email: email.trim(), password, invitation })
      await auth.entered(signedIn, true)
    })
    if (made) onDone()
  }
  const note = invited ? t('auth.invited') : options?.firstAccount ? t('auth.first') : undefined

  return (
    <AuthCard title={t('auth.signUp')} note={note}>
      {closed ? (
        <Alert type="info" showIcon title={t(`auth.registration.${options.registration}`)} />
      ) : (
        <ActionForm
          action={action}
          submit={t('auth.create')}
          onSubmit={() => void signUp()}
          ready={ready}
          area="signUpFailure"
          block
        >
          <TextField
            label={t('auth.name')}
            value={name}
            onChange={setName}
            autoComplete="name"
            maxLength={100}
            autoFocus
          />
          <TextField label={t('auth.email')} type="email" value={email} onChange={setEmail} autoComplete="username" />
          <NewPasswordField value={password} onChange={setPassword} />
        </ActionForm>
      )}
      {!closed && options?.oidc && <OidcButton name={options.oidc.name} invitation={invitation} />}
      <p className="auth-links">
        {options?.firstAccount ? (
          options.trial && <PageLink to="/">{t('auth.notNow')}</PageLink>
        ) : (
          <PageLink to="/signin">{t('auth.haveAccount')}</PageLink>
        )}
      </p>
    </AuthCard>
  )
}
