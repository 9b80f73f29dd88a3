import type { GroupView } from '@askwire/contracts'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { LoadView } from '../layout/load-view.tsx'

/** A group's name and role. */
export function GroupForm({ group, onSaved }: { group: GroupView | undefined; onSaved(): void }) {
  const { t } = useTranslation()
  const me = useMe()
  const roles = useLoad(useCallback(() => api.listRoles(), []))
  const [name, setName] = useState(group?.name ?? '')
  const [chosen, setChosen] = useState(group?.role.id)
  const action = useAction()
  const tenantId = group?.tenantId ?? me.tenantId
  const choices = roles.data?.filter((role) => role.tenantId === tenantId) ?? []
  const roleId = chosen ?? choices.find(({ builtIn }) => builtIn === 'user')?.id ?? ''
  const save = async (): Promise<void> => {
    const draft = { name: name.trim(), roleId }
    const saved = await action.run(() => (group ? api.updateGroup(group.id, draft) : api.createGroup(draft)))
    if (saved) onSaved()
  }
  return (
    <LoadView loaded={roles}>
      {() => (
        <ActionForm
          action={action}
          submit={t('form.save')}
          onSubmit={() => void save()}
          ready={name.trim() !== '' && roleId !== ''}
          area="peopleFailure"
        >
          <TextField label={t('groups.name')} value={name} onChange={setName} maxLength={60} autoFocus />
          <SelectField
            label={t('account.role')}
            value={roleId}
            options={choices.map(({ id, name: label }) => ({ value: id, label }))}
            onChange={setChosen}
          />
        </ActionForm>
      )}
    </LoadView>
  )
}
