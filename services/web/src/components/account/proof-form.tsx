import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof } from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { CodeField } from '../auth/code-field.tsx'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'

type ProofFormProps = { submit: string; danger?: boolean; area?: string; onProof(proof: Proof): Promise<unknown> }

/** Asks who is there once more: for the password, and for a code where there is an authenticator. */
export function ProofForm({ submit, danger = false, area = 'passwordFailure', onProof }: ProofFormProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const action = useAction()
  const ready = (!me.hasPassword || password !== '') && (!me.mfaEnabled || code.trim().length >= 6)
  const send = (): void => {
    const proof = { ...(me.hasPassword && { password }), ...(me.mfaEnabled && { code: code.trim() }) }
    setCode('')
    void action.run(() => onProof(proof))
  }
  return (
    <ActionForm action={action} submit={submit} danger={danger} onSubmit={send} ready={ready} area={area}>
      {me.hasPassword && (
        <TextField
          label={t('account.currentPassword')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          autoFocus
        />
      )}
      {me.mfaEnabled && <CodeField value={code} onChange={setCode} />}
    </ActionForm>
  )
}
