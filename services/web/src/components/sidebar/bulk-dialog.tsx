import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import type { BulkChange } from './bulk-bar.tsx'
import { FolderField, useFolderChoice } from './folder-field.tsx'

type BulkDialogProps = {
  kind: 'tag' | 'move' | undefined
  count: number
  onChange(change: BulkChange): Promise<void>
  onClose(): void
}

/** Asks which tag several sessions get or lose, or which folder they go to. */
export function BulkDialog({ kind, count, onChange, onClose }: BulkDialogProps) {
  const { t } = useTranslation()
  return (
    <FormDialog
      open={kind !== undefined}
      title={kind === undefined ? '' : t(`bulk.${kind}Title`, { count })}
      onClose={onClose}
      width={440}
    >
      {kind === 'tag' && <TagForm onChange={onChange} />}
      {kind === 'move' && <MoveForm onChange={onChange} />}
    </FormDialog>
  )
}

function TagForm({ onChange }: Pick<BulkDialogProps, 'onChange'>) {
  const { t } = useTranslation()
  const [action, setAction] = useState<'tag' | 'untag'>('tag')
  const [tag, setTag] = useState('')
  const sending = useAction()
  return (
    <ActionForm
      action={sending}
      submit={t('form.save')}
      onSubmit={() => void sending.run(() => onChange({ action, tag: tag.trim() }))}
      ready={tag.trim() !== ''}
      area="sessionsFailure"
    >
      <SelectField
        label={t('bulk.what')}
        value={action}
        options={[
          { value: 'tag', label: t('bulk.addTag') },
          { value: 'untag', label: t('bulk.removeTag') },
        ]}
        onChange={setAction}
      />
      <TextField label={t('bulk.oneTag')} value={tag} onChange={setTag} maxLength={40} autoFocus />
    </ActionForm>
  )
}

function MoveForm({ onChange }: Pick<BulkDialogProps, 'onChange'>) {
  const { t } = useTranslation()
  const choice = useFolderChoice(null)
  const sending = useAction()
  const move = async (): Promise<void> => onChange({ action: 'move', folderId: await choice.resolve() })
  return (
    <ActionForm
      action={sending}
      submit={t('bulk.moveNow')}
      onSubmit={() => void sending.run(move)}
      ready={choice.ready}
      area="sessionsFailure"
    >
      <FolderField choice={choice} />
    </ActionForm>
  )
}
