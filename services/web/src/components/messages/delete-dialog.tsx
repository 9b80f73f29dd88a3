import type { MessageView } from '@askwire/contracts'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMessageTools } from './message-tools.ts'

type DeleteDialogProps = { message: MessageView; open: boolean; onClose(): void }

/** Asks before a message and all that hangs on it are deleted. */
export function DeleteDialog({ message: { id, role }, open, onClose }: DeleteDialogProps) {
  const { t } = useTranslation()
  const tools = useMessageTools()
  const [busy, setBusy] = useState(false)
  const confirm = async (): Promise<void> => {
    setBusy(true)
    await tools?.actions.remove(id)
    setBusy(false)
    onClose()
  }
  return (
    <Modal
      open={open}
      title={t(`message.delete.${role}`)}
      okText={t('message.delete.confirm')}
      okButtonProps={{ danger: true }}
      cancelText={t('form.cancel')}
      confirmLoading={busy}
      onOk={() => void confirm()}
      onCancel={onClose}
      width={440}
      destroyOnHidden
    >
      <p>{t('message.delete.hint')}</p>
    </Modal>
  )
}
