import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { leaveFor } from '../../leave-for.ts'
import { auth } from '../../state/auth-store.ts'
import { useAuthOptions } from '../auth/auth-options.ts'
import { FormDialog } from '../forms/form-dialog.tsx'
import { ProofForm } from './proof-form.tsx'

/** Whether the installation's provider signs one in; where there is none, nothing. */
export function ProviderPanel() {
  const { t } = useTranslation()
  const me = useMe()
  const name = useAuthOptions()?.oidc?.name
  const [open, setOpen] = useState<'link' | 'unlink' | null>(null)
  const close = (): void => setOpen(null)
  if (name === undefined) return null
  const unlink = async (proof: api.Proof): Promise<void> => {
    await api.unlinkOidc(proof)
    close()
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
          <Button size="small" danger onClick={() => setOpen('unlink')}>
            {t('provider.unlink')}
          </Button>
        ) : (
          <Button onClick={() => setOpen('link')}>{t('provider.link')}</Button>
        )}
        <FormDialog open={open === 'unlink'} title={t('provider.unlinkQuestion', { name })} onClose={close}>
          <ProofForm submit={t('provider.unlink')} danger area="oidcFailure" onProof={unlink} />
        </FormDialog>
        <FormDialog open={open === 'link'} title={t('provider.link')} onClose={close}>
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
