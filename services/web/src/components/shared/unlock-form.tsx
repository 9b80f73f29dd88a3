import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'

/** Asks for the password of a share. `onUnlock` rejects when it is not right. */
export function UnlockForm({ onUnlock }: { onUnlock(password: string): Promise<void> }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const action = useAction()
  return (
    <ActionForm
      action={action}
      submit={t('shared.unlock')}
      onSubmit={() => void action.run(() => onUnlock(password))}
      ready={password !== ''}
      area="sharedFailure"
    >
      <TextField
        label={t('shared.password')}
        type="password"
        value={password}
        onChange={setPassword}
        hint={t('shared.lockedNote')}
        autoComplete="off"
        autoFocus
      />
    </ActionForm>
  )
}
