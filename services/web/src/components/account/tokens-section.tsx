import type { CreatedToken, TokenView } from '@askwire/contracts'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { SecretView } from '../layout/secret-view.tsx'
import { TokenForm } from './token-form.tsx'

/** One's API tokens. A new one shows its secret once; afterwards only how it begins. */
export function TokensSection() {
  const { t } = useTranslation()
  const { time, date } = useDates()
  const tokens = usePages(api.listTokens)
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<CreatedToken>()
  const remove = async ({ id }: TokenView): Promise<void> => {
    await api.deleteToken(id)
    tokens.put((now) => ({ ...now, items: now.items.filter((token) => token.id !== id) }))
  }
  const columns: Column<TokenView>[] = [
    { key: 'name', title: t('tokens.name'), cell: ({ name }) => name },
    { key: 'prefix', title: t('tokens.prefix'), cell: ({ prefix }) => <code>{prefix}…</code> },
    {
      key: 'scopes',
      title: t('tokens.scopes'),
      cell: ({ scopes }) => scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', '),
    },
    {
      key: 'addresses',
      title: t('tokens.addresses'),
      cell: ({ allowedAddresses }) => allowedAddresses.join(', ') || t('tokens.anywhere'),
    },
    {
      key: 'expires',
      title: t('tokens.expires'),
      cell: ({ expiresAt }) => (expiresAt === null ? t('form.never') : date(expiresAt)),
    },
    {
      key: 'used',
      title: t('tokens.used'),
      cell: ({ lastUsedAt, lastUsedAddress }) => [time(lastUsedAt), lastUsedAddress].filter(Boolean).join(' · '),
    },
    {
      key: 'delete',
      title: t('form.actions'),
      cell: (token) => (
        <ConfirmButton
          label={t('form.delete')}
          name={token.name}
          question={t('tokens.deleteQuestion', { name: token.name })}
          consequence={<p>{t('tokens.deleteNote')}</p>}
          onConfirm={() => remove(token)}
          area="formFailure"
        />
      ),
    },
  ]
  return (
    <>
      <p>{t('tokens.note')}</p>
      <div className="form-actions">
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('tokens.create')}
        </Button>
      </div>
      <LoadView loaded={tokens} isEmpty={({ items }) => items.length === 0} empty={t('tokens.none')}>
        {({ items }) => (
          <DataTable label={t('account.sections.tokens')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={tokens.more} />
      <FormDialog open={making} title={t('tokens.create')} onClose={() => setMaking(false)}>
        <TokenForm
          onCreated={(token) => {
            setMaking(false)
            setMade(token)
            tokens.reload()
          }}
        />
      </FormDialog>
      <FormDialog open={made !== undefined} title={t('tokens.madeTitle')} onClose={() => setMade(undefined)}>
        <p>{t('tokens.madeNote')}</p>
        <SecretView label={t('tokens.madeTitle')} lines={made ? [made.token] : []} />
      </FormDialog>
    </>
  )
}
