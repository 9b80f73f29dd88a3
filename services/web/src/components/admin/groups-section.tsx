import type { GroupView } from '@askwire/contracts'
import { Button } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { GroupForm } from './group-form.tsx'
import { GroupMembers } from './group-members.tsx'

/** Groups give their role to their members. */
export function GroupsSection() {
  const { t } = useTranslation()
  const manages = useMe().permissions.includes('roles.manage')
  const groups = useLoad(useCallback(() => api.listGroups(), []))
  const [open, setOpen] = useState<GroupView | 'new'>()
  const [membersOf, setMembersOf] = useState<GroupView>()
  const remove = async ({ id }: GroupView): Promise<void> => {
    await api.deleteGroup(id)
    groups.put((now) => now.filter((group) => group.id !== id))
  }
  const columns: Column<GroupView>[] = [
    { key: 'name', title: t('groups.name'), cell: ({ name }) => name },
    { key: 'role', title: t('account.role'), cell: ({ role }) => role.name },
    { key: 'members', title: t('roles.members'), numeric: true, cell: ({ members }) => members },
    {
      key: 'change',
      title: t('form.actions'),
      cell: (group) => (
        <div className="form-actions">
          <Button size="small" aria-label={`${t('groups.members')}: ${group.name}`} onClick={() => setMembersOf(group)}>
            {t('groups.members')}
          </Button>
          {manages && (
            <>
              <Button size="small" aria-label={`${t('form.change')}: ${group.name}`} onClick={() => setOpen(group)}>
                {t('form.change')}
              </Button>
              <ConfirmButton
                label={t('form.delete')}
                name={group.name}
                question={t('groups.deleteQuestion', { name: group.name })}
                consequence={<p>{t('groups.deleteNote')}</p>}
                onConfirm={() => remove(group)}
                area="peopleFailure"
              />
            </>
          )}
        </div>
      ),
    },
  ]
  return (
    <>
      <p>{t('groups.note')}</p>
      {manages && (
        <div className="form-actions">
          <Button type="primary" onClick={() => setOpen('new')}>
            {t('groups.create')}
          </Button>
        </div>
      )}
      <LoadView loaded={groups} isEmpty={(rows) => rows.length === 0} empty={t('groups.none')}>
        {(rows) => (
          <DataTable label={t('admin.sections.groups')} columns={columns} rows={rows} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <FormDialog
        open={open !== undefined}
        title={open === 'new' ? t('groups.create') : t('groups.change')}
        onClose={() => setOpen(undefined)}
      >
        <GroupForm
          group={open === 'new' ? undefined : open}
          onSaved={() => {
            setOpen(undefined)
            groups.reload()
          }}
        />
      </FormDialog>
      <FormDialog
        open={membersOf !== undefined}
        title={`${t('groups.members')}: ${membersOf?.name ?? ''}`}
        onClose={() => {
          setMembersOf(undefined)
          groups.reload()
        }}
      >
        {membersOf && <GroupMembers group={membersOf} />}
      </FormDialog>
    </>
  )
}
