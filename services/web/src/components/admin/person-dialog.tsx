import type { UserView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { PersonForm } from './person-form.tsx'

type PersonDialogProps = { user: UserView | undefined; onChanged(user: UserView): void; onClose(): void }

/** One person: role and limits, and the ways to keep them out. */
export function PersonDialog({ user, onChanged, onClose }: PersonDialogProps) {
  const { t } = useTranslation()
  return (
    <FormDialog
      open={user !== undefined}
      title={user?.name || user?.email || t('admin.sections.people')}
      onClose={onClose}
    >
      {user && <Person key={user.id} user={user} onChanged={onChanged} />}
    </FormDialog>
  )
}

function Person({ user, onChanged }: { user: UserView; onChanged(user: UserView): void }) {
  const { t } = useTranslation()
  const { date, time } = useDates()
  const me = useMe()
  const manages = me.permissions.includes('users.manage')
  const setDisabled = async (disabled: boolean): Promise<void> => onChanged(await api.updateUser(user.id, { disabled }))
  return (
    <>
      <dl className="facts">
        <dt>{t('auth.email')}</dt>
        <dd>{user.email ?? '–'}</dd>
        <dt>{t('account.since')}</dt>
        <dd>{date(user.createdAt)}</dd>
        <dt>{t('people.seen')}</dt>
        <dd>{time(user.lastSeenAt)}</dd>
        <dt>{t('admin.sections.groups')}</dt>
        <dd>{user.groups.map(({ name }) => name).join(', ') || '–'}</dd>
      </dl>
      {manages ? <PersonForm user={user} onChanged={onChanged} /> : <p>{user.role.name}</p>}
      {manages && user.id !== me.id && (
        <div className="form-actions danger-zone">
          {user.disabled ? (
            <ConfirmButton
              label={t('people.enable')}
              question={t('people.enableQuestion', { name: user.name })}
              danger={false}
              onConfirm={() => setDisabled(false)}
              area="peopleFailure"
            />
          ) : (
            <ConfirmButton
              label={t('people.disable')}
              question={t('people.disableQuestion', { name: user.name })}
              consequence={<p>{t('people.disableNote')}</p>}
              onConfirm={() => setDisabled(true)}
              area="peopleFailure"
            />
          )}
          <ConfirmButton
            label={t('people.endLogins')}
            question={t('people.endLoginsQuestion', { name: user.name })}
            consequence={<p>{t('people.endLoginsNote')}</p>}
            onConfirm={() => api.endLogins(user.id)}
            area="peopleFailure"
          />
        </div>
      )}
    </>
  )
}
