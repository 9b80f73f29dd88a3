import type { MemberView } from '@askwire/contracts'
import { Button } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { type Action, useAction } from '../../hooks/use-action.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { FailureAlert } from '../failure-alert.tsx'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { LoadView } from '../layout/load-view.tsx'

type Access = MemberView['access']

/** Which colleagues may see a session as it goes on, or ask in it. */
export function MembersPanel({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation()
  const members = useLoad(useCallback(() => api.listMembers(sessionId), [sessionId]))
  const changing = useAction()
  const { put } = members
  const show = (member: MemberView): void =>
    put(({ items }) => {
      const known = items.some(({ userId }) => userId === member.userId)
      return { items: known ? items.map((one) => (one.userId === member.userId ? member : one)) : [...items, member] }
    })
  const remove = async ({ userId }: MemberView): Promise<void> => {
    await api.removeMember(sessionId, userId)
    put(({ items }) => ({ items: items.filter((one) => one.userId !== userId) }))
  }
  return (
    <section className="panel" aria-label={t('members.title')}>
      <h3>{t('members.title')}</h3>
      <p className="note">{t('members.note')}</p>
      <MemberForm sessionId={sessionId} onAdded={show} />
      <FailureAlert failure={changing.failure} area="membersFailure" onDismiss={changing.dismiss} />
      <LoadView loaded={members}>
        {({ items }) =>
          items.length > 0 && (
            <ul className="pick-list" aria-label={t('members.list')}>
              {items.map((member) => (
                <MemberRow
                  key={member.userId}
                  member={member}
                  action={changing}
                  onAccess={async (access) => show(await api.putMember(sessionId, { userId: member.userId, access }))}
                  onRemove={() => remove(member)}
                />
              ))}
            </ul>
          )
        }
      </LoadView>
    </section>
  )
}

function MemberForm({ sessionId, onAdded }: { sessionId: string; onAdded(member: MemberView): void }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [access, setAccess] = useState<Access>('view')
  const action = useAction()
  const add = async (): Promise<void> => {
    onAdded(await api.putMember(sessionId, { email: email.trim(), access }))
    setEmail('')
  }
  return (
    <ActionForm
      action={action}
      submit={t('members.add')}
      onSubmit={() => void action.run(add)}
      ready={email.includes('@')}
      area="membersFailure"
    >
      <div className="fields">
        <TextField
          label={t('members.email')}
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="off"
          maxLength={254}
        />
        <SelectField
          label={t('members.access')}
          value={access}
          options={[
            { value: 'view', label: t('members.view') },
            { value: 'edit', label: t('members.edit') },
          ]}
          onChange={setAccess}
          hint={access === 'edit' ? t('members.editNote') : undefined}
        />
      </div>
    </ActionForm>
  )
}

type MemberRowProps = {
  member: MemberView
  action: Action
  onAccess(access: Access): Promise<void>
  onRemove(): Promise<void>
}

function MemberRow({ member, action, onAccess, onRemove }: MemberRowProps) {
  const { t } = useTranslation()
  const { name, access } = member
  return (
    <li>
      <span>{name}</span>
      <div className="form-actions">
        <select
          className="select small"
          aria-label={`${t('members.access')}: ${name}`}
          value={access}
          disabled={action.busy}
          onChange={({ target }) => void action.run(() => onAccess(target.value === 'edit' ? 'edit' : 'view'))}
        >
          <option value="view">{t('members.view')}</option>
          <option value="edit">{t('members.edit')}</option>
        </select>
        <Button
          size="small"
          danger
          disabled={action.busy}
          aria-label={`${t('members.remove')}: ${name}`}
          onClick={() => void action.run(onRemove)}
        >
          {t('members.remove')}
        </Button>
      </div>
    </li>
  )
}
