import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { auth } from '../../state/auth-store.ts'
import { CodeField } from '../auth/code-field.tsx'
import { MIN_PASSWORD_LENGTH, NewPasswordField } from '../auth/new-password-field.tsx'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'
import { SavedNote } from '../forms/saved-note.tsx'

/** Changes the password, or sets the first one of an account that signs in with a provider. Every other login ends. */
export function PasswordForm() {
  const { t } = useTranslation()
  const me = useMe()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [code, setCode] = useState('')
  const [saved, setSaved] = useState(false)
  const action = useAction()
  const ready =
    (!me.hasPassword || current !== '') &&
    next.length >= MIN_PASSWORD_LENGTH &&
    (!me.mfaEnabled || code.trim().length >= 6)

  const change = async (): Promise<void> => {
    setSaved(false)
    const done = await action.run(() =>
      api.changePassword({
        newPassword: next,
        ...(me.hasPassword && { currentPassword: current }),
        ...(me.mfaEnabled && { code: code.trim() }),
      }),
    )
    setCode('')
    if (!done) return
    setCurrent('')
    setNext('')
    setSaved(true)
    await auth.refreshMe()
  }
  return (
    <ActionForm
      action={action}
      submit={t('auth.setPassword')}
      onSubmit={() => void change()}
      ready={ready}
      area="passwordFailure"
      aside={<SavedNote shown={saved} text={t('account.passwordSaved')} />}
    >
      <input type="text" hidden readOnly autoComplete="username" value={me.email ?? ''} />
      {me.hasPassword && (
        <TextField
          label={t('account.currentPassword')}
          type="password"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
        />
      )}
      <NewPasswordField value={next} onChange={setNext} />
      {me.mfaEnabled && <CodeField value={code} onChange={setCode} />}
    </ActionForm>
  )
}
