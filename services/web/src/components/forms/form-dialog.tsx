import { Modal } from 'antd'
import type { ReactNode } from 'react'

type FormDialogProps = { open: boolean; title: string; onClose(): void; children: ReactNode; width?: number }

/** A dialog around a form of its own. Escape closes it, and the focus goes back to what opened it. */
export function FormDialog({ open, title, onClose, children, width = 520 }: FormDialogProps) {
  return (
    <Modal open={open} title={title} onCancel={onClose} footer={null} width={width} destroyOnHidden>
      {children}
    </Modal>
  )
}
