import type { UserView } from '@askwire/contracts'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { SavedNote } from '../forms/saved-note.tsx'

/** A person's role and limits. Only what was changed is sent. */
export function PersonForm({ user, onChanged }: { user: UserView; onChanged(user: UserView): void }) {
  const { t } = useTranslation()
  const roles = useLoad(useCallback(() => api.listRoles(user.tenantId), [user.tenantId]))
  const [roleId, setRoleId] = useState(user.role.id)
  const [runs, setRuns] = useState(textOf(user.limits.maxUnfinishedRuns))
  const [requests, setRequests] = useState(textOf(user.limits.requestsPerMinute))
  const [saved, setSaved] = useState(false)
  const action = useAction()
  const choices = roles.data?.filter(({ tenantId }) => tenantId === user.tenantId) ?? []
  // The role one has is always there to be kept, also when the list is not.
  const options = choices.some(({ id }) => id === user.role.id) ? choices : [user.role, ...choices]

  const save = async (): Promise<void> => {
    setSaved(false)
    const change = {
      ...(roleId !== user.role.id && { roleId }),
      limits: { maxUnfinishedRuns: limitOf(runs), requestsPerMinute: limitOf(requests) },
    }
    if (await action.run(async () => onChanged(await api.updateUser(user.id, change)))) setSaved(true)
  }
  return (
    <ActionForm
      action={action}
      submit={t('form.save')}
      onSubmit={() => void save()}
      ready={isLimit(runs, 10_000) && isLimit(requests, 1_000_000)}
      area="peopleFailure"
      aside={<SavedNote shown={saved} />}
    >
      <SelectField
        label={t('account.role')}
        value={roleId}
        options={options.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setRoleId}
      />
      <TextField
        label={t('people.maxRuns')}
        value={runs}
        onChange={setRuns}
        inputMode="numeric"
        hint={t('people.limitHint')}
        error={isLimit(runs, 10_000) ? undefined : t('people.limitError', { max: 10_000 })}
      />
      <TextField
        label={t('people.perMinute')}
        value={requests}
        onChange={setRequests}
        inputMode="numeric"
        hint={t('people.limitHint')}
        error={isLimit(requests, 1_000_000) ? undefined : t('people.limitError', { max: 1_000_000 })}
      />
    </ActionForm>
  )
}

const textOf = (limit: number | null): string => (limit === null ? '' : String(limit))
const limitOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))
const isLimit = (text: string, max: number): boolean => {
  const limit = limitOf(text)
  return limit === null || (Number.isInteger(limit) && limit >= 1 && limit <= max)
}
