import type { InvitationView } from '@askwire/contracts'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/people-api.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { usePages } from '../../hooks/use-pages.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { type Column, DataTable } from '../layout/data-table.tsx'
import { LoadView } from '../layout/load-view.tsx'
import { MoreButton } from '../layout/more-button.tsx'
import { SecretView } from '../layout/secret-view.tsx'
import { InvitationForm } from './invitation-form.tsx'

type State = 'accepted' | 'revoked' | 'expired' | 'open'
const COLOURS: Record<State, string> = { accepted: 'green', revoked: 'default', expired: 'default', open: 'blue' }

/** Invitations: made, listed, revoked. A link is shown once, when it is made. */
export function InvitationsSection() {
  const { t } = useTranslation()
  const { date } = useDates()
  const invitations = usePages(api.listInvitations)
  const [making, setMaking] = useState(false)
  const [link, setLink] = useState<string>()
  const revoke = async ({ id }: InvitationView): Promise<void> => {
    await api.revokeInvitation(id)
    invitations.reload()
  }
  const columns: Column<InvitationView>[] = [
    { key: 'for', title: t('invitations.for'), cell: ({ email }) => email ?? t('invitations.anyone') },
    { key: 'role', title: t('account.role'), cell: ({ role }) => role.name },
    {
      key: 'state',
      title: t('people.state'),
      cell: (invitation) => (
        <Tag color={COLOURS[stateOf(invitation)]}>{t(`invitations.states.${stateOf(invitation)}`)}</Tag>
      ),
    },
    { key: 'expires', title: t('tokens.expires'), cell: ({ expiresAt }) => date(expiresAt) },
    {
      key: 'revoke',
      title: t('form.actions'),
      cell: (invitation) =>
        stateOf(invitation) === 'open' && (
          <ConfirmButton
            label={t('invitations.revoke')}
            name={invitation.email ?? t('invitations.anyone')}
            question={t('invitations.revokeQuestion')}
            onConfirm={() => revoke(invitation)}
            area="formFailure"
          />
        ),
    },
  ]
  return (
    <>
      <div className="form-actions">
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('invitations.create')}
        </Button>
      </div>
      <LoadView loaded={invitations} isEmpty={({ items }) => items.length === 0} empty={t('invitations.none')}>
        {({ items }) => (
          <DataTable label={t('admin.sections.invitations')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </LoadView>
      <MoreButton more={invitations.more} />
      <FormDialog open={making} title={t('invitations.create')} onClose={() => setMaking(false)}>
        <InvitationForm
          onCreated={(url) => {
            setMaking(false)
            setLink(url)
            invitations.reload()
          }}
        />
      </FormDialog>
      <FormDialog open={link !== undefined} title={t('invitations.madeTitle')} onClose={() => setLink(undefined)}>
        <p>{t('invitations.madeNote')}</p>
        <SecretView label={t('invitations.madeTitle')} lines={link === undefined ? [] : [link]} />
      </FormDialog>
    </>
  )
}

function stateOf({ acceptedAt, revokedAt, expiresAt }: InvitationView): State {
  if (acceptedAt !== null) return 'accepted'
  if (revokedAt !== null) return 'revoked'
  return Date.parse(expiresAt) < Date.now() ? 'expired' : 'open'
}
