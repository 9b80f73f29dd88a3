import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { auth } from '../../state/auth-store.ts'
import { FormDialog } from '../forms/form-dialog.tsx'
import { SecretView } from '../layout/secret-view.tsx'
import { EnrolDialog } from './enrol-dialog.tsx'
import { ProofForm } from './proof-form.tsx'

type Open = 'enrol' | 'disable' | 'codes' | null

/** The authenticator: whether there is one, and the ways to get, replace and remove it. */
export function MfaPanel() {
  const { t } = useTranslation()
  const me = useMe()
  const [open, setOpen] = useState<Open>(null)
  const [codes, setCodes] = useState<string[]>([])
  const close = (): void => setOpen(null)
  const showCodes = async (shown: string[]): Promise<void> => {
    setCodes(shown)
    setOpen(null)
    await auth.refreshMe()
  }
  const disable = async (proof: api.Proof): Promise<void> => {
    await api.disableMfa(proof)
    setOpen(null)
    await auth.refreshMe()
  }

  return (
    <section aria-label={t('mfa.title')}>
      <p>
        <Tag color={me.mfaEnabled ? 'green' : 'default'}>{me.mfaEnabled ? t('mfa.on') : t('mfa.off')}</Tag>{' '}
        {me.mfaEnabled ? t('mfa.codesLeft', { count: me.backupCodesLeft }) : t('mfa.why')}
      </p>
      <div className="form-actions">
        {me.mfaEnabled ? (
          <>
            <Button onClick={() => setOpen('codes')}>{t('mfa.newCodes')}</Button>
            <Button danger onClick={() => setOpen('disable')}>
              {t('mfa.disable')}
            </Button>
          </>
        ) : (
          <Button type="primary" onClick={() => setOpen('enrol')}>
            {t('mfa.enable')}
          </Button>
        )}
      </div>
      <EnrolDialog open={open === 'enrol'} onClose={close} onEnrolled={(shown) => void showCodes(shown)} />
      <FormDialog open={open === 'disable'} title={t('mfa.disable')} onClose={close}>
        <p>{t('mfa.disableNote')}</p>
        <ProofForm submit={t('mfa.disable')} danger onProof={disable} />
      </FormDialog>
      <FormDialog open={open === 'codes'} title={t('mfa.newCodes')} onClose={close}>
        <p>{t('mfa.newCodesNote')}</p>
        <ProofForm
          submit={t('mfa.newCodes')}
          onProof={async (proof) => await showCodes((await api.renewBackupCodes(proof)).backupCodes)}
        />
      </FormDialog>
      <FormDialog open={codes.length > 0} title={t('mfa.codesTitle')} onClose={() => setCodes([])}>
        <p>{t('mfa.codesNote')}</p>
        <SecretView label={t('mfa.codesTitle')} lines={codes} fileName="askwire-backup-codes.txt" />
        <div className="form-actions end">
          <Button type="primary" onClick={() => setCodes([])}>
            {t('mfa.kept')}
          </Button>
        </div>
      </FormDialog>
    </section>
  )
}
