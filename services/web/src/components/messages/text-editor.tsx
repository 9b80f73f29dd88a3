import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** As the contract has it; its module can not be loaded by a browser. */
export const MAX_MESSAGE_LENGTH = 100_000

type TextEditorProps = {
  text: string
  label: string
  submit: string
  hint?: string
  /** Resolves to whether it was taken; what was not stays in the field. */
  onSubmit(text: string): Promise<boolean>
  onClose(): void
}

/** A question's text in a field, in place of the question. Enter sends it, Escape leaves it as it was. */
export function TextEditor({ text: before, label, submit, hint, onSubmit, onClose }: TextEditorProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(before)
  const [busy, setBusy] = useState(false)
  const ready = text.trim() !== '' && text.length <= MAX_MESSAGE_LENGTH && !busy
  const send = async (): Promise<void> => {
    if (!ready) return
    setBusy(true)
    const taken = await onSubmit(text)
    setBusy(false)
    if (taken) onClose()
  }
  return (
    <form
      className="text-editor"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Input.TextArea
        autoFocus
        value={text}
        aria-label={label}
        autoSize={{ minRows: 1, maxRows: 10 }}
        enterKeyHint="send"
        onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter' && !event.shiftKey) void send()
          else return
          event.preventDefault()
        }}
      />
      <div className="text-editor-row">
        {hint && <small>{hint}</small>}
        <Button size="small" onClick={onClose}>
          {t('form.cancel')}
        </Button>
        <Button size="small" type="primary" htmlType="submit" disabled={!ready} loading={busy}>
          {submit}
        </Button>
      </div>
    </form>
  )
}
