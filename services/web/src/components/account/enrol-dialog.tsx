import type { MfaSetup } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { CodeField } from '../auth/code-field.tsx'
import { ActionForm } from '../forms/action-form.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { ProofForm } from './proof-form.tsx'

type EnrolDialogProps = { open: boolean; onClose(): void; onEnrolled(backupCodes: string[]): void }

/** Adds an authenticator: who is there, then the QR code, then a first code from it. */
export function EnrolDialog({ open, onClose, onEnrolled }: EnrolDialogProps) {
  const { t } = useTranslation()
  const [setup, setSetup] = useState<MfaSetup>()
  const close = (): void => {
    setSetup(undefined)
    onClose()
  }
  return (
    <FormDialog open={open} title={t('mfa.enable')} onClose={close}>
      {setup ? (
        <ConfirmStep
          setup={setup}
          onEnrolled={(codes) => {
            setSetup(undefined)
            onEnrolled(codes)
          }}
        />
      ) : (
        <>
          <p>{t('mfa.enableNote')}</p>
          <ProofForm submit={t('form.next')} onProof={async (proof) => setSetup(await api.setUpMfa(proof))} />
        </>
      )}
    </FormDialog>
  )
}

function ConfirmStep({ setup, onEnrolled }: { setup: MfaSetup; onEnrolled(codes: string[]): void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const action = useAction()
  const confirm = async (): Promise<void> => {
    await action.run(async () => onEnrolled((await api.confirmMfa(code.trim())).backupCodes))
    setCode('')
  }
  return (
    <ActionForm
      action={action}
      submit={t('auth.confirm')}
      onSubmit={() => void confirm()}
      ready={/^\d{6}$/.test(code.trim())}
      area="codeFailure"
    >
      <p>{t('mfa.scan')}</p>
      {/* As an image an SVG runs nothing and loads nothing, whatever it holds. */}
      <img className="qr" alt={t('mfa.qr')} src={`data:image/svg+xml,${encodeURIComponent(setup.qrSvg)}`} />
      <p>
        {t('mfa.byHand')} <code className="by-hand">{setup.secret}</code>
      </p>
      <CodeField value={code} onChange={setCode} backup={false} autoFocus />
    </ActionForm>
  )
}
