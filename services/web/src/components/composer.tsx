import { Sender } from '@ant-design/x'
import { Button, type GetProps, Input } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDraft } from '../hooks/use-draft.ts'
import { useMedia } from '../hooks/use-media.ts'
import { MAX_MESSAGE_LENGTH } from './messages/text-editor.tsx'

type ComposerProps = {
  sessionId: string | undefined
  running: boolean
  stopping: boolean
  /** False: the question was not accepted and stays in the field. */
  onAsk(question: string): Promise<boolean>
  onStop(): void
}

/** The field for the next question. While an answer is under way a further question may be asked: it waits its turn. */
export function Composer({ sessionId, running, stopping, onAsk, onStop }: ComposerProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const touch = useMedia('(pointer: coarse)')
  const tooLong = text.length > MAX_MESSAGE_LENGTH
  const sendable = text.trim() !== '' && !busy && !tooLong

  useEffect(() => {
    // On a phone the keyboard would cover what there is to read.
    if (!touch) box.current?.querySelector('textarea')?.focus()
  }, [touch])

  // What was typed before the draft came is newer.
  const takeDraft = useCallback((draft: string) => setText((typed) => typed || draft), [])
  const keepDraft = useDraft(sessionId, takeDraft)
  const latest = useRef('')
  const change = (next: string): void => {
    latest.current = next
    setText(next)
    keepDraft(next)
  }

  const submit = async (): Promise<void> => {
    if (!sendable) return
    setBusy(true)
    change('')
    const accepted = await onAsk(text)
    if (!accepted && latest.current === '') change(text)
    setBusy(false)
  }

  return (
    <div className="composer" ref={box}>
      <Sender
        value={text}
        onChange={change}
        onSubmit={() => void submit()}
        placeholder={t('ask.placeholder')}
        autoSize={{ minRows: 1, maxRows: 8 }}
        components={INPUT}
        suffix={(_, { components: { SendButton } }) => (
          <div className="composer-actions">
            {running && (
              <Button
                shape="circle"
                className="stop-button"
                loading={stopping}
                icon={<span className="stop-icon" aria-hidden />}
                aria-label={t('ask.stop')}
                title={t('ask.stop')}
                onClick={onStop}
              />
            )}
            <SendButton type="primary" shape="circle" disabled={!sendable} aria-label={t('ask.send')} />
          </div>
        )}
      />
      <p className={tooLong ? 'composer-hint error' : 'composer-hint'} role={tooLong ? 'alert' : undefined}>
        {tooLong ? t('ask.tooLong', { max: MAX_MESSAGE_LENGTH }) : t('ask.hint')}
      </p>
    </div>
  )
}

function QuestionInput(props: GetProps<typeof Input.TextArea>) {
  const { t } = useTranslation()
  return <Input.TextArea {...props} aria-label={t('ask.label')} enterKeyHint="send" />
}

const INPUT = { input: QuestionInput }
