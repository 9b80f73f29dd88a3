import type { LoginView } from '@askwire/contracts'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { describeAgent } from '../../describe-agent.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'

/** Where one is signed in, each of which may be ended. */
export function LoginsSection() {
  const { t } = useTranslation()
  const { time } = useDates()
  const logins = usePages(api.listLogins)
  const end = async (login: LoginView): Promise<void> => {
    await api.endLogin(login.id)
    logins.put((now) => ({ ...now, items: now.items.filter(({ id }) => id !== login.id) }))
  }
  const columns: Column<LoginView>[] = [
    {
      key: 'agent',
      title: t('logins.where'),
      cell: (login) => (
        <>
          <span title={login.agent}>{describeAgent(login.agent) ?? t('logins.unknown')}</span>{' '}
          {login.current && <Tag color="blue">{t('logins.current')}</Tag>}
        </>
      ),
    },
    { key: 'address', title: t('logins.address'), cell: (login) => login.address },
    { key: 'method', title: t('logins.method'), cell: (login) => t(`logins.methods.${login.method}`) },
    { key: 'used', title: t('logins.used'), cell: (login) => time(login.lastUsedAt) },
    {
      key: 'end',
      title: t('form.actions'),
      cell: (login) =>
        login.current ? null : (
          <ConfirmButton
            label={t('logins.end')}
            name={`${describeAgent(login.agent) ?? ''} ${login.address}`}
            question={t('logins.endQuestion')}
            consequence={<p>{t('logins.endNote')}</p>}
            onConfirm={() => end(login)}
            area="formFailure"
          />
        ),
    },
  ]
  return (
    <>
      <p>{t('logins.note')}</p>
      <LoadView loaded={logins}>
        {({ items }) => (
          <DataTable label={t('account.sections.logins')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={logins.more} />
    </>
  )
}
