import { DeleteOutlined, EditOutlined } from '@ant-design/icons'
import type { FolderView } from '@askwire/contracts'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'
import { TextField } from '../forms/field.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'

type FolderActionsProps = { folder: FolderView; onChanged(): void; onDeleted(): void }

/** Renames or deletes the folder that is listed. Its sessions stay. */
export function FolderActions({ folder, onChanged, onDeleted }: FolderActionsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'rename' | 'delete'>()
  const close = (): void => setOpen(undefined)
  const remove = async (): Promise<void> => {
    await api.deleteFolder(folder.id)
    onDeleted()
  }
  return (
    <div className="folder-actions">
      <Button
        size="small"
        type="text"
        icon={<EditOutlined />}
        aria-label={t('sessions.renameFolder')}
        title={t('sessions.renameFolder')}
        onClick={() => setOpen('rename')}
      />
      <Button
        size="small"
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('sessions.deleteFolder')}
        title={t('sessions.deleteFolder')}
        onClick={() => setOpen('delete')}
      />
      <FormDialog open={open === 'rename'} title={t('sessions.renameFolder')} onClose={close} width={440}>
        <RenameForm
          key={folder.id}
          folder={folder}
          onRenamed={() => {
            close()
            onChanged()
          }}
        />
      </FormDialog>
      <ConfirmDialog
        open={open === 'delete'}
        question={t('sessions.deleteFolderQuestion', { name: folder.name })}
        confirm={t('form.delete')}
        onConfirm={remove}
        onClose={close}
        area="formFailure"
      >
        <p>{t('sessions.deleteFolderNote')}</p>
      </ConfirmDialog>
    </div>
  )
}

function RenameForm({ folder, onRenamed }: { folder: FolderView; onRenamed(): void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(folder.name)
  const action = useAction()
  const rename = async (): Promise<void> => {
    await api.renameFolder(folder.id, name.trim())
    onRenamed()
  }
  return (
    <ActionForm
      action={action}
      submit={t('form.save')}
      onSubmit={() => void action.run(rename)}
      ready={name.trim() !== ''}
      area="sessionsFailure"
    >
      <TextField label={t('sessions.nameOfFolder')} value={name} onChange={setName} maxLength={100} autoFocus />
    </ActionForm>
  )
}
