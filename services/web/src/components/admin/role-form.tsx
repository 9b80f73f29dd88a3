import type { Permission, RoleView } from '@askwire/contracts'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ChecksField, SelectField, TextField } from '../forms/field.tsx'
import { GRANTABLE } from './grantable.ts'

/** A role's name and permissions; a new one may begin with a template. */
export function RoleForm({ role, onSaved }: { role: RoleView | undefined; onSaved(): void }) {
  const { t } = useTranslation()
  const templates = useLoad(useCallback(() => api.listRoleTemplates(), []))
  const [template, setTemplate] = useState('')
  const [name, setName] = useState(role?.name ?? '')
  const [permissions, setPermissions] = useState<Permission[]>(role?.permissions ?? [])
  const action = useAction()
  const begin = (key: string): void => {
    setTemplate(key)
    const chosen = templates.data?.find((one) => one.key === key)
    if (!chosen) return
    setPermissions(chosen.permissions)
    setName((now) => now || t(`roles.template.${key}`, { defaultValue: chosen.name }))
  }
  const save = async (): Promise<void> => {
    const draft = { name: name.trim(), permissions }
    const saved = await action.run(() => (role ? api.updateRole(role.id, draft) : api.createRole(draft)))
    if (saved) onSaved()
  }
  return (
    <ActionForm
      action={action}
      submit={t('form.save')}
      onSubmit={() => void save()}
      ready={name.trim() !== ''}
      area="roleFailure"
    >
      {!role && templates.data && (
        <SelectField
          label={t('roles.beginWith')}
          value={template}
          options={[
            { value: '', label: t('roles.nothing') },
            ...templates.data.map(({ key, name: title }) => ({
              value: key,
              label: t(`roles.template.${key}`, { defaultValue: title }),
            })),
          ]}
          onChange={begin}
        />
      )}
      <TextField label={t('roles.name')} value={name} onChange={setName} maxLength={60} />
      <ChecksField
        label={t('roles.permissions')}
        value={permissions}
        options={GRANTABLE.map((value) => ({ value, label: t(`permissions.${value}`), note: value }))}
        onChange={setPermissions}
      />
    </ActionForm>
  )
}
