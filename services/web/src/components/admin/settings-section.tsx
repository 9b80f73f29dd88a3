import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/settings-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { MAX_RETENTION_DAYS, parseRetention } from '../../state/parse-retention.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'
import { TextField } from '../forms/field.tsx'
import { SavedNote } from '../forms/saved-note.tsx'
import { LoadView } from '../layout/load-view.tsx'

/** What holds for everyone in the tenant: how long sessions are kept. */
export function SettingsSection() {
  const { t } = useTranslation()
  const settings = useLoad(api.getSettings)
  return (
    <>
      <p>{t('retention.note')}</p>
      <LoadView loaded={settings}>
        {({ retentionDays }) => <RetentionForm kept={retentionDays} onSaved={(saved) => settings.put(() => saved)} />}
      </LoadView>
    </>
  )
}

type RetentionFormProps = { kept: number | null; onSaved(settings: api.TenantSettings): void }

function RetentionForm({ kept, onSaved }: RetentionFormProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(kept === null ? '' : String(kept))
  const [saved, setSaved] = useState(false)
  const [asking, setAsking] = useState(false)
  const action = useAction()
  const days = parseRetention(text)
  const save = async (): Promise<void> => {
    setAsking(false)
    const ok = await action.run(async () => {
      if (days !== undefined) onSaved(await api.updateSettings({ retentionDays: days }))
    })
    setSaved(ok)
  }
  // Fewer days than now erase something; more, or none, erase nothing.
  const erases = typeof days === 'number' && (kept === null || days < kept)
  return (
    <>
      <ActionForm
        action={action}
        submit={t('form.save')}
        onSubmit={() => (erases ? setAsking(true) : void save())}
        ready={days !== undefined && days !== kept}
        area="formFailure"
        aside={<SavedNote shown={saved && days === kept} />}
      >
        <TextField
          label={t('retention.days')}
          value={text}
          onChange={setText}
          inputMode="numeric"
          hint={t('retention.daysHint')}
          error={days === undefined ? t('retention.rule', { max: MAX_RETENTION_DAYS }) : undefined}
        />
      </ActionForm>
      <ConfirmDialog
        open={asking}
        question={t('retention.question')}
        confirm={t('form.save')}
        onConfirm={save}
        onClose={() => setAsking(false)}
      >
        <p>{typeof days === 'number' && t('retention.confirm', { count: days })}</p>
      </ConfirmDialog>
    </>
  )
}
