import type { TenantView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { TextField } from '../forms/field.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'

/** The tenants of the installation, for its owners. */
export function TenantsSection() {
  const { t } = useTranslation()
  const me = useMe()
  const tenants = useLoad(useCallback(() => api.listTenants(), []))
  const [open, setOpen] = useState<TenantView | 'new'>()
  const setDisabled = async ({ id }: TenantView, disabled: boolean): Promise<void> => {
    const changed = await api.updateTenant(id, { disabled })
    tenants.put((now) => now.map((tenant) => (tenant.id === id ? changed : tenant)))
  }
  const columns: Column<TenantView>[] = [
    { key: 'name', title: t('tenants.name'), cell: ({ name }) => name },
    { key: 'users', title: t('admin.sections.people'), numeric: true, cell: ({ users }) => users },
    {
      key: 'state',
      title: t('people.state'),
      cell: ({ disabled }) => (
        <Tag color={disabled ? 'red' : 'green'}>{disabled ? t('people.disabled') : t('people.active')}</Tag>
      ),
    },
    {
      key: 'change',
      title: t('form.actions'),
      cell: (tenant) => (
        <div className="form-actions">
          <Button size="small" aria-label={`${t('form.rename')}: ${tenant.name}`} onClick={() => setOpen(tenant)}>
            {t('form.rename')}
          </Button>
          {tenant.id !== me.tenantId && (
            <ConfirmButton
              label={tenant.disabled ? t('people.enable') : t('people.disable')}
              name={tenant.name}
              danger={!tenant.disabled}
              question={t(tenant.disabled ? 'people.enableQuestion' : 'people.disableQuestion', { name: tenant.name })}
              consequence={!tenant.disabled && <p>{t('tenants.disableNote')}</p>}
              onConfirm={() => setDisabled(tenant, !tenant.disabled)}
              area="formFailure"
            />
          )}
        </div>
      ),
    },
  ]
  return (
    <>
      <p>{t('tenants.note')}</p>
      <div className="form-actions">
        <Button type="primary" onClick={() => setOpen('new')}>
          {t('tenants.create')}
        </Button>
      </div>
      <LoadView loaded={tenants}>
        {(rows) => (
          <DataTable label={t('admin.sections.tenants')} columns={columns} rows={rows} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <FormDialog
        open={open !== undefined}
        title={open === 'new' ? t('tenants.create') : t('form.rename')}
        onClose={() => setOpen(undefined)}
      >
        <TenantForm
          tenant={open === 'new' ? undefined : open}
          onSaved={() => {
            setOpen(undefined)
            tenants.reload()
          }}
        />
      </FormDialog>
    </>
  )
}

function TenantForm({ tenant, onSaved }: { tenant: TenantView | undefined; onSaved(): void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(tenant?.name ?? '')
  const action = useAction()
  const save = async (): Promise<void> => {
    const named = name.trim()
    const saved = await action.run(() =>
      tenant ? api.updateTenant(tenant.id, { name: named }) : api.createTenant(named),
    )
    if (saved) onSaved()
  }
  return (
    <ActionForm
      action={action}
      submit={t('form.save')}
      onSubmit={() => void save()}
      ready={name.trim() !== ''}
      area="formFailure"
    >
      <TextField label={t('tenants.name')} value={name} onChange={setName} maxLength={100} autoFocus />
    </ActionForm>
  )
}
