import type { LoginView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { describeAgent } from '../../describe-agent.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { ProofForm } from './proof-form.tsx'

/** Where one is signed in, each of which may be ended. */
export function LoginsSection() {
  const { t } = useTranslation()
  const { time } = useDates()
  const logins = usePages(api.listLogins)
  const [ending, setEnding] = useState<LoginView>()
  const close = (): void => setEnding(undefined)
  const end = async (login: LoginView, proof: api.Proof): Promise<void> => {
    await api.endLogin(login.id, proof)
    close()
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
          <Button
            size="small"
            danger
            aria-label={`${t('logins.end')}: ${describeAgent(login.agent) ?? ''} ${login.address}`}
            onClick={() => setEnding(login)}
          >
            {t('logins.end')}
          </Button>
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
      <FormDialog open={ending !== undefined} title={t('logins.endQuestion')} onClose={close}>
        <p>{t('logins.endNote')}</p>
        {ending && <ProofForm submit={t('logins.end')} danger onProof={(proof) => end(ending, proof)} />}
      </FormDialog>
    </>
  )
}
