import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { ApiError } from '../../api/api-error.ts'
import { useAction } from '../../hooks/use-action.ts'
import { auth, type Ended } from '../../state/auth-store.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'
import { ArrivalAlert } from '../layout/arrival-alert.tsx'
import { PageLink } from '../layout/page-link.tsx'
import { AuthCard } from './auth-card.tsx'
import { useAuthOptions } from './auth-options.ts'
import { CodeField } from './code-field.tsx'
import { OidcButton } from './oidc-button.tsx'

/** Signs in: address and password, and a code when the account asks for one. Stands at the address that needed it. */
export function SignInPage({ ended, onDone }: { ended: Ended; onDone(): void }) {
  const { t } = useTranslation()
  const options = useAuthOptions()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [askCode, setAskCode] = useState(false)
  const action = useAction()

  const signIn = async (): Promise<void> => {
    const done = await action.run(async () => {
      try {
        await auth.entered(await api.login({ email, password, ...(askCode && { code: code.trim() }) }), false)
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'mfa_required') throw error
        if (askCode) throw error
        setAskCode(true)
      }
    })
    if (done && auth.getState().status === 'in') onDone()
  }
  const back = (): void => {
    setAskCode(false)
    setCode('')
    action.dismiss()
  }

  return (
    <AuthCard title={askCode ? t('auth.codeTitle') : t('auth.signIn')}>
      {ended && !askCode && (
        <Alert type="info" showIcon role="status" title={t(ended === 'erased' ? 'data.erased' : 'auth.ended')} />
      )}
      {!askCode && <ArrivalAlert />}
      <ActionForm
        action={action}
        submit={askCode ? t('auth.confirm') : t('auth.signIn')}
        onSubmit={() => void signIn()}
        ready={askCode ? code.trim().length >= 6 : email !== '' && password !== ''}
        area={askCode ? 'codeFailure' : 'signInFailure'}
        block
      >
        {askCode ? (
          <CodeField value={code} onChange={setCode} autoFocus />
        ) : (
          <>
            <TextField
              label={t('auth.email')}
              type="email"
              value={email}
              onChange={setEmail}
              autoComplete="username"
              autoFocus
            />
            <TextField
              label={t('auth.password')}
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
            />
          </>
        )}
      </ActionForm>
      {askCode ? (
        <button type="button" className="link" onClick={back}>
          {t('auth.back')}
        </button>
      ) : (
        <>
          {options?.oidc && <OidcButton name={options.oidc.name} />}
          <p className="auth-links">
            <PageLink to="/forgot">{t('auth.forgot')}</PageLink>
            {(options?.registration === 'open' || options?.firstAccount) && (
              <PageLink to="/register">{t('auth.signUp')}</PageLink>
            )}
          </p>
        </>
      )}
    </AuthCard>
  )
}
