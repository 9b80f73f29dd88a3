import type { MessageView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'
import { useMessageTools } from './message-tools.ts'

type DeleteDialogProps = { message: MessageView; open: boolean; onClose(): void }

/** Asks before a message and all that hangs on it are deleted. */
export function DeleteDialog({ message: { id, role }, open, onClose }: DeleteDialogProps) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const remove = async (): Promise<void> => {
    await tools?.actions.remove(id)
    onClose()
  }
  return (
    <ConfirmDialog
      open={open}
      question={t(`message.delete.${role}`)}
      confirm={t('message.delete.confirm')}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{t('message.delete.hint')}</p>
    </ConfirmDialog>
  )
}
