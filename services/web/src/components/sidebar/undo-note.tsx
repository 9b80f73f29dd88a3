import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

type UndoNoteProps = { text: string | undefined; onUndo(): void; onDismiss(): void }

/** Says what was done and takes it back. It stays until it is used or closed: not everyone reads fast. */
export function UndoNote({ text, onUndo, onDismiss }: UndoNoteProps) {
  const { t } = useTranslation()
  return (
    <div role="status" className={text ? 'undo' : undefined}>
      {text && (
        <>
          <span>{text}</span>
          <Button size="small" onClick={onUndo}>
            {t('sessions.undo')}
          </Button>
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={t('failure.dismiss')}
            onClick={onDismiss}
          />
        </>
      )}
    </div>
  )
}
