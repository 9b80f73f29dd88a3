import type { ShareView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { PageLink } from '../layout/page-link.tsx'
import { RevokeButton } from '../share/share-row.tsx'

/** All that I share by link, and the end of it. */
export function SharesSection() {
  const { t } = useTranslation()
  const { date, time } = useDates()
  const shares = usePages(api.listShares)
  const revoke = async (shareId: string): Promise<void> => {
    await api.revokeShare(shareId)
    shares.put((now) => ({ ...now, items: now.items.filter(({ id }) => id !== shareId) }))
  }
  const titleOf = ({ title }: ShareView): string => title ?? t('nav.untitled')
  const columns: Column<ShareView>[] = [
    {
      key: 'session',
      title: t('share.session'),
      cell: (share) => <PageLink to={`/c/${share.sessionId}`}>{titleOf(share)}</PageLink>,
    },
    { key: 'made', title: t('share.since'), cell: ({ createdAt }) => time(createdAt) },
    {
      key: 'expires',
      title: t('share.expires'),
      cell: ({ expiresAt }) => (expiresAt === null ? t('form.never') : date(expiresAt)),
    },
    { key: 'password', title: t('shared.password'), cell: ({ protected: locked }) => locked && t('share.protected') },
    { key: 'views', title: t('share.opened'), numeric: true, cell: ({ views }) => views },
    {
      key: 'revoke',
      title: t('form.actions'),
      cell: (share) => <RevokeButton name={titleOf(share)} onRevoke={() => revoke(share.id)} />,
    },
  ]
  return (
    <>
      <p>{t('share.sectionNote')}</p>
      <LoadView loaded={shares} isEmpty={({ items }) => items.length === 0} empty={t('share.none')}>
        {({ items }) => (
          <DataTable label={t('account.sections.shares')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={shares.more} />
    </>
  )
}
