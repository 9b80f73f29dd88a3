import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBranch } from '../../api/branch-api.ts'
import * as api from '../../api/sharing-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { listBranches } from '../../state/list-branches.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ExpiryField } from '../forms/expiry-field.tsx'
import { SelectField, TextField } from '../forms/field.tsx'

/** As the contract has it; its module can not be loaded by a browser. */
const MIN_PASSWORD = 8
const DAYS = ['never', '1', '7', '30', '90', '365'] as const
const OPEN = ''
const LABEL_LENGTH = 60

type LinkFormProps = { sessionId: string; onMade(share: api.CreatedShare): void }

/** What a link shows, to whom and for how long. */
export function LinkForm({ sessionId, onMade }: LinkFormProps) {
  const { t } = useTranslation()
  const [leafId, setLeafId] = useState(OPEN)
  const [days, setDays] = useState<(typeof DAYS)[number]>('30')
  const [password, setPassword] = useState('')
  const action = useAction()
  const make = async (): Promise<void> => {
    const share = await api.createShare(sessionId, {
      ...(leafId !== OPEN && { leafId }),
      ...(days !== 'never' && { expiresInDays: Number(days) }),
      ...(password !== '' && { password }),
    })
    setPassword('')
    onMade(share)
  }
  return (
    <ActionForm
      action={action}
      submit={t('share.make')}
      onSubmit={() => void action.run(make)}
      ready={password === '' || password.length >= MIN_PASSWORD}
      area="shareFailure"
    >
      <BranchField sessionId={sessionId} value={leafId} onChange={setLeafId} />
      <div className="fields">
        <ExpiryField label={t('share.expires')} value={days} choices={DAYS} onChange={setDays} />
        <TextField
          label={t('share.password')}
          type="password"
          value={password}
          onChange={setPassword}
          hint={t('share.passwordHint', { min: MIN_PASSWORD })}
          autoComplete="new-password"
          maxLength={200}
        />
      </div>
    </ActionForm>
  )
}

type BranchFieldProps = { sessionId: string; value: string; onChange(leafId: string): void }

/** Which branch; nothing to choose where there is one. */
function BranchField({ sessionId, value, onChange }: BranchFieldProps) {
  const { t } = useTranslation()
  const { time } = useDates()
  const loaded = useLoad(useCallback(async () => listBranches(await listBranch(sessionId, 'all')), [sessionId]))
  const branches = loaded.data ?? []
  if (branches.length < 2) return null
  return (
    <SelectField
      label={t('share.branch')}
      value={value}
      options={[
        { value: OPEN, label: t('share.openBranch') },
        ...branches.map(({ leafId, question, at }) => ({ value: leafId, label: `${short(question)} · ${time(at)}` })),
      ]}
      onChange={onChange}
    />
  )
}

/** One line, cut between characters as people see them. */
function short(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length > LABEL_LENGTH ? `${characters.slice(0, LABEL_LENGTH).join('')}…` : characters.join('')
}
