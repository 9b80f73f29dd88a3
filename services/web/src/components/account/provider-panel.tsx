import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { leaveFor } from '../../leave-for.ts'
import { auth } from '../../state/auth-store.ts'
import { useAuthOptions } from '../auth/auth-options.ts'
import { ConfirmButton } from '../forms/confirm-button.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { ProofForm } from './proof-form.tsx'

/** Whether the installation's provider signs one in; where there is none, nothing. */
export function ProviderPanel() {
  const { t } = useTranslation()
  const me = useMe()
  const name = useAuthOptions()?.oidc?.name
  const [linking, setLinking] = useState(false)
  if (name === undefined) return null
  const unlink = async (): Promise<void> => {
    await api.unlinkOidc()
    await auth.refreshMe()
  }
  return (
    <>
      <h2>{name}</h2>
      <section aria-label={name}>
        <p>
          <Tag color={me.oidcLinked ? 'green' : 'default'}>
            {me.oidcLinked ? t('provider.linked') : t('provider.unlinked')}
          </Tag>{' '}
          {t('provider.note', { name })}
        </p>
        {me.oidcLinked ? (
          <ConfirmButton
            label={t('provider.unlink')}
            question={t('provider.unlinkQuestion', { name })}
            onConfirm={unlink}
            area="oidcFailure"
          />
        ) : (
          <Button onClick={() => setLinking(true)}>{t('provider.link')}</Button>
        )}
        <FormDialog open={linking} title={t('provider.link')} onClose={() => setLinking(false)}>
          <p>{t('mfa.enableNote')}</p>
          <ProofForm
            submit={t('form.next')}
            onProof={async (proof) => leaveFor((await api.linkOidc({ ...proof, returnTo: '/account/security' })).url)}
          />
        </FormDialog>
      </section>
    </>
  )
}
