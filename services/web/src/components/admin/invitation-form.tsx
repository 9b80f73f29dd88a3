import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { TenantField } from './tenant-field.tsx'

const DAYS = ['1', '7', '30', '90'] as const

/** Invites someone: as what, for how long, and to which address the link is mailed if at all. */
export function InvitationForm({ onCreated }: { onCreated(url: string): void }) {
  const { t } = useTranslation()
  const me = useMe()
  const [email, setEmail] = useState('')
  const [tenantId, setTenantId] = useState('')
  const [roleId, setRoleId] = useState('')
  const [days, setDays] = useState<(typeof DAYS)[number]>('7')
  const action = useAction()
  const tenant = tenantId || me.tenantId
  const roles = useLoad(
    useCallback(() => api.listRoles(tenant === me.tenantId ? undefined : tenant), [tenant, me.tenantId]),
  )
  const choices = roles.data?.filter((role) => role.tenantId === tenant) ?? []
  const create = (): void =>
    void action.run(async () => {
      const made = await api.createInvitation({
        expiresInDays: Number(days),
        ...(email.trim() !== '' && { email: email.trim() }),
        ...(roleId !== '' && { roleId }),
        ...(tenantId !== '' && tenantId !== me.tenantId && { tenantId }),
      })
      onCreated(made.url)
    })
  return (
    <ActionForm
      action={action}
      submit={t('invitations.create')}
      onSubmit={create}
      ready={email.trim() === '' || /^\S+@\S+$/.test(email.trim())}
      area="formFailure"
    >
      <TextField
        label={t('auth.email')}
        type="email"
        value={email}
        onChange={setEmail}
        autoComplete="off"
        hint={t('invitations.emailHint')}
        autoFocus
      />
      <TenantField
        value={tenantId}
        own
        onChange={(chosen) => {
          setTenantId(chosen)
          setRoleId('')
        }}
      />
      <SelectField
        label={t('account.role')}
        value={roleId}
        options={[
          { value: '', label: t('invitations.usual') },
          ...choices.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={setRoleId}
      />
      <SelectField
        label={t('invitations.valid')}
        value={days}
        options={DAYS.map((value) => ({ value, label: t('form.inDays', { count: Number(value) }) }))}
        onChange={setDays}
      />
    </ActionForm>
  )
}
