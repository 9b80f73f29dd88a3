import type { CreatedToken, TokenScope } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ExpiryField } from '../forms/expiry-field.tsx'
import { ChecksField, TextField } from '../forms/field.tsx'

const SCOPES = Object.keys({ chat: 0, read: 0, knowledge: 0, admin: 0 } satisfies Record<TokenScope, 0>) as TokenScope[]
const DAYS = ['7', '30', '90', '365', 'never'] as const

/** Makes an API token: its name, what it may do, how long, and from where. */
export function TokenForm({ onCreated }: { onCreated(token: CreatedToken): void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<TokenScope[]>(['chat'])
  const [days, setDays] = useState<(typeof DAYS)[number]>('90')
  const [addresses, setAddresses] = useState('')
  const action = useAction()
  const create = (): void => {
    const token = {
      name: name.trim(),
      scopes,
      allowedAddresses: addresses.split(/[\s,;，；]+/).filter((one) => one !== ''),
      expiresInDays: days === 'never' ? null : Number(days),
    }
    void action.run(async () => onCreated(await api.createToken(token)))
  }
  return (
    <ActionForm
      action={action}
      submit={t('tokens.create')}
      onSubmit={create}
      ready={name.trim() !== '' && scopes.length > 0}
      area="formFailure"
    >
      <TextField
        label={t('tokens.name')}
        value={name}
        onChange={setName}
        maxLength={100}
        placeholder={t('tokens.nameExample')}
        autoFocus
      />
      <ChecksField
        label={t('tokens.scopes')}
        value={scopes}
        options={SCOPES.map((value) => ({
          value,
          label: t(`tokens.scope.${value}`),
          note: t(`tokens.scopeNote.${value}`),
        }))}
        onChange={setScopes}
      />
      <ExpiryField label={t('tokens.expires')} value={days} choices={DAYS} onChange={setDays} />
      <TextField
        label={t('tokens.addresses')}
        value={addresses}
        onChange={setAddresses}
        hint={t('tokens.addressesHint')}
        placeholder="192.0.2.0/24, 2001:db8::/32"
      />
    </ActionForm>
  )
}
