import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { SelectField } from '../forms/field.tsx'

type TenantFieldProps = { value: string; onChange(tenantId: string): void; own?: boolean }

/** Which tenant; for owners of the installation only, everyone else has one. Empty: all of them, or with `own` one's own. */
export function TenantField(props: TenantFieldProps) {
  return useMe().permissions.includes('installation.tenants') ? <OwnersField {...props} /> : null
}

function OwnersField({ value, onChange, own = false }: TenantFieldProps) {
  const me = useMe()
  const { t } = useTranslation()
  const tenants = useLoad(useCallback(() => api.listTenants(), []))
  if (!tenants.data || tenants.data.length < 2) return null
  return (
    <SelectField
      label={t('account.tenant')}
      value={value}
      options={[
        { value: '', label: own ? me.tenantName : t('form.all') },
        ...tenants.data
          .filter(({ id }) => !own || id !== me.tenantId)
          .map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={onChange}
    />
  )
}
