import { Input } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

const MAX_TITLE = 200

/** The field a session's name is changed in: Enter or going elsewhere keeps it (told once), Escape does not. */
export function RenameField({ title, onEnd }: { title: string; onEnd(title: string | undefined): void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(title)
  const over = useRef(false)
  const end = (kept: boolean): void => {
    if (over.current) return
    over.current = true
    const next = text.trim()
    onEnd(kept && next !== '' ? next : undefined)
  }
  return (
    <Input
      autoFocus
      size="small"
      value={text}
      maxLength={MAX_TITLE}
      aria-label={t('sessions.title')}
      onFocus={({ target }) => target.select()}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => end(true)}
      onPressEnter={(event) => !event.nativeEvent.isComposing && end(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        end(false)
      }}
    />
  )
}
