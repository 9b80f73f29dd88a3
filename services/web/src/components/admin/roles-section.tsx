import type { RoleView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { RoleForm } from './role-form.tsx'

/** The roles of the tenant. The built-in ones are shown and cannot be changed. */
export function RolesSection() {
  const { t } = useTranslation()
  const manages = useMe().permissions.includes('roles.manage')
  const roles = useLoad(useCallback(() => api.listRoles(), []))
  const [open, setOpen] = useState<RoleView | 'new'>()
  const remove = async ({ id }: RoleView): Promise<void> => {
    await api.deleteRole(id)
    roles.put((now) => now.filter((role) => role.id !== id))
  }
  const columns: Column<RoleView>[] = [
    {
      key: 'name',
      title: t('roles.name'),
      cell: ({ name, builtIn }) => (
        <>
          {name} {builtIn && <Tag>{t('roles.builtIn')}</Tag>}
        </>
      ),
    },
    {
      key: 'permissions',
      title: t('roles.permissions'),
      cell: ({ permissions }) => permissions.map((one) => t(`permissions.${one}`)).join(', ') || '–',
    },
    { key: 'members', title: t('roles.members'), numeric: true, cell: ({ members }) => members },
    {
      key: 'change',
      title: t('form.actions'),
      cell: (role) =>
        manages &&
        role.builtIn === null && (
          <div className="form-actions">
            <Button size="small" aria-label={`${t('form.change')}: ${role.name}`} onClick={() => setOpen(role)}>
              {t('form.change')}
            </Button>
            <ConfirmButton
              label={t('form.delete')}
              name={role.name}
              question={t('roles.deleteQuestion', { name: role.name })}
              onConfirm={() => remove(role)}
              area="roleFailure"
            />
          </div>
        ),
    },
  ]
  return (
    <>
      {manages && (
        <div className="form-actions">
          <Button type="primary" onClick={() => setOpen('new')}>
            {t('roles.create')}
          </Button>
        </div>
      )}
      <LoadView loaded={roles}>
        {(rows) => (
          <DataTable label={t('admin.sections.roles')} columns={columns} rows={rows} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <FormDialog
        open={open !== undefined}
        title={open === 'new' ? t('roles.create') : t('roles.change')}
        onClose={() => setOpen(undefined)}
      >
        <RoleForm
          role={open === 'new' ? undefined : open}
          onSaved={() => {
            setOpen(undefined)
            roles.reload()
          }}
        />
      </FormDialog>
    </>
  )
}
