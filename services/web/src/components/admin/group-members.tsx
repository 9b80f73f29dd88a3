import type { GroupView } from '@askwire/contracts'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { FailureAlert } from '../failure-alert.tsx'
import { TextField } from '../forms/field.tsx'
import { LoadView } from '../layout/load-view.tsx'

/** Who is in a group; people are found by name or address and added. */
export function GroupMembers({ group }: { group: GroupView }) {
  const { t } = useTranslation()
  const manages = useMe().permissions.includes('users.manage')
  const members = useLoad(useCallback(() => api.listMembers(group.id), [group.id]))
  const { failure, run, dismiss } = useAction()
  const add = (member: api.Member): void =>
    void run(async () => {
      await api.addMember(group.id, member.id)
      members.put((now) => [...now, member])
    })
  const remove = ({ id }: api.Member): void =>
    void run(async () => {
      await api.removeMember(group.id, id)
      members.put((now) => now.filter((member) => member.id !== id))
    })
  return (
    <>
      <FailureAlert failure={failure} area="peopleFailure" onDismiss={dismiss} />
      <LoadView loaded={members} isEmpty={(rows) => rows.length === 0} empty={t('groups.empty')}>
        {(rows) => (
          <PickList
            label={t('groups.members')}
            people={rows}
            action={t('groups.remove')}
            onPick={manages ? remove : undefined}
          />
        )}
      </LoadView>
      {manages && <FindPeople group={group} inside={members.data ?? []} onPick={add} />}
    </>
  )
}

type FindPeopleProps = { group: GroupView; inside: readonly api.Member[]; onPick(person: api.Member): void }

function FindPeople({ group: { tenantId }, inside, onPick }: FindPeopleProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const q = useDebounced(typed.trim())
  const found = useLoad(
    useCallback(async () => (q === '' ? [] : (await api.listUsers({ q, tenantId })).items), [q, tenantId]),
  )
  const others = found.data?.filter(({ id }) => !inside.some((member) => member.id === id)) ?? []
  return (
    <>
      <TextField label={t('groups.find')} type="search" value={typed} onChange={setTyped} />
      <FailureAlert failure={found.failure} area="peopleFailure" onRetry={found.reload} />
      {q !== '' && found.data && others.length === 0 && <p className="empty">{t('people.none')}</p>}
      <PickList label={t('groups.found')} people={others} action={t('groups.add')} onPick={onPick} />
    </>
  )
}

type PickListProps = {
  label: string
  people: readonly api.Member[]
  action: string
  onPick: ((person: api.Member) => void) | undefined
}

function PickList({ label, people, action, onPick }: PickListProps) {
  if (people.length === 0) return null
  return (
    <ul className="pick-list" aria-label={label}>
      {people.map((person) => (
        <li key={person.id}>
          <span>
            {person.name} <small>{person.email}</small>
          </span>
          {onPick && (
            <button
              type="button"
              className="link"
              aria-label={`${action}: ${person.name}`}
              onClick={() => onPick(person)}
            >
              {action}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
