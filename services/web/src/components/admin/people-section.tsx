import type { Page, UserView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { SelectField, TextField } from '../forms/field.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { PersonDialog } from './person-dialog.tsx'
import { TenantField } from './tenant-field.tsx'

type State = 'all' | 'true' | 'false'

/** The people of the tenant: to find them, and to open one. */
export function PeopleSection() {
  const { t } = useTranslation()
  const me = useMe()
  const { time } = useDates()
  const [typed, setTyped] = useState('')
  const [disabled, setDisabled] = useState<State>('all')
  const [tenantId, setTenantId] = useState('')
  const [openId, setOpenId] = useState<string>()
  const q = useDebounced(typed.trim())
  const load = useCallback(
    (cursor: string | undefined): Promise<Page<UserView>> =>
      api.listUsers({ q, tenantId, cursor, ...(disabled !== 'all' && { disabled }) }),
    [q, tenantId, disabled],
  )
  const people = usePages(load)
  const open = people.data?.items.find(({ id }) => id === openId)
  const changed = (user: UserView): void =>
    people.put((now) => ({ ...now, items: now.items.map((one) => (one.id === user.id ? user : one)) }))

  const columns: Column<UserView>[] = [
    {
      key: 'name',
      title: t('auth.name'),
      cell: (user) => (
        <>
          <span>{user.name || '–'}</span> {user.id === me.id && <Tag>{t('people.you')}</Tag>}
          <small className="under">{user.email ?? '–'}</small>
        </>
      ),
    },
    {
      key: 'role',
      title: t('account.role'),
      cell: ({ role, owner, groups }) => (
        <>
          {role.name} {owner && <Tag color="gold">{t('people.owner')}</Tag>}
          {groups.length > 0 && <small className="under">{groups.map(({ name }) => name).join(', ')}</small>}
        </>
      ),
    },
    {
      key: 'state',
      title: t('people.state'),
      cell: (user) => (
        <>
          <Tag color={user.disabled ? 'red' : 'green'}>{user.disabled ? t('people.disabled') : t('people.active')}</Tag>
          {user.mfaEnabled && <Tag>{t('mfa.short')}</Tag>}
        </>
      ),
    },
    { key: 'seen', title: t('people.seen'), cell: ({ lastSeenAt }) => time(lastSeenAt) },
    {
      key: 'open',
      title: t('form.actions'),
      cell: (user) => (
        <Button size="small" aria-label={`${t('form.open')}: ${user.name}`} onClick={() => setOpenId(user.id)}>
          {t('form.open')}
        </Button>
      ),
    },
  ]
  return (
    <>
      <search className="filters">
        <TextField label={t('people.search')} type="search" value={typed} onChange={setTyped} maxLength={200} />
        <SelectField<State>
          label={t('people.state')}
          value={disabled}
          options={[
            { value: 'all', label: t('form.all') },
            { value: 'false', label: t('people.active') },
            { value: 'true', label: t('people.disabled') },
          ]}
          onChange={setDisabled}
        />
        <TenantField value={tenantId} onChange={setTenantId} />
      </search>
      <LoadView loaded={people} isEmpty={({ items }) => items.length === 0} empty={t('people.none')}>
        {({ items }) => (
          <DataTable label={t('admin.sections.people')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={people.more} />
      <PersonDialog user={open} onChanged={changed} onClose={() => setOpenId(undefined)} />
    </>
  )
}
