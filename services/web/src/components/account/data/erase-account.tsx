import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof } from '../../../api/account-api.ts'
import { eraseAccount } from '../../../api/jobs-api.ts'
import { auth } from '../../../state/auth-store.ts'
import { navigate } from '../../../state/navigation.ts'
import { FormDialog } from '../../forms/form-dialog.tsx'
import { ProofForm } from '../proof-form.tsx'

/** The end of the account: asked for with a fresh proof, and there is no way back. */
export function EraseAccount() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const erase = async (proof: Proof): Promise<void> => {
    await eraseAccount(proof)
    auth.erased()
    navigate('/signin', { replace: true })
  }
  return (
    <section className="panel danger-zone" aria-label={t('data.eraseTitle')}>
      <h2>{t('data.eraseTitle')}</h2>
      <p className="note">{t('data.eraseNote')}</p>
      <div className="form-actions">
        <Button danger onClick={() => setOpen(true)}>
          {t('data.erase')}
        </Button>
      </div>
      <FormDialog open={open} title={t('data.eraseDialog')} onClose={() => setOpen(false)} width={440}>
        <p>{t('data.eraseNote')}</p>
        <ProofForm submit={t('data.eraseConfirm')} danger area="eraseFailure" onProof={erase} />
      </FormDialog>
    </section>
  )
}
