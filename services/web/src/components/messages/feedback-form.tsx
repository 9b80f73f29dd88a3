import type { FeedbackRequest, FeedbackView } from '@askwire/contracts'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, SelectField } from '../forms/field.tsx'

type Reason = NonNullable<FeedbackRequest['reason']>
/** In the order they are offered. */
const REASONS = {
  up: ['helpful', 'other'],
  down: ['wrong', 'incomplete', 'off_topic', 'bad_source', 'unsafe', 'slow', 'other'],
} as const satisfies Record<string, readonly Reason[]>

const MAX_COMMENT = 2000

type FeedbackFormProps = {
  feedback: FeedbackView
  /** Null takes it back. Resolves to whether it was done. */
  onRate(feedback: FeedbackRequest | null): Promise<boolean>
  onClose(): void
}

/** Why an answer was found good or bad. */
export function FeedbackForm({ feedback, onRate, onClose }: FeedbackFormProps) {
  const { t } = useTranslation()
  const { rating } = feedback
  const [reason, setReason] = useState<Reason | 'none'>(
    REASONS[rating].find((known) => known === feedback.reason) ?? 'none',
  )
  const [comment, setComment] = useState(feedback.comment ?? '')
  const [busy, setBusy] = useState(false)
  const rate = async (given: FeedbackRequest | null): Promise<void> => {
    setBusy(true)
    const done = await onRate(given)
    setBusy(false)
    if (done) onClose()
  }
  return (
    <form
      className="feedback-form"
      aria-label={t(`feedback.${rating}`)}
      onSubmit={(event) => {
        event.preventDefault()
        const said = comment.trim()
        void rate({ rating, ...(reason !== 'none' && { reason }), ...(said !== '' && { comment: said }) })
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onClose()
      }}
    >
      <SelectField
        label={t('feedback.reason')}
        value={reason}
        options={[
          { value: 'none', label: t('feedback.noReason') },
          ...REASONS[rating].map((value) => ({ value, label: t(`feedback.reasons.${value}`) })),
        ]}
        onChange={setReason}
      />
      <Field label={t('feedback.comment')}>
        {(props) => (
          <Input.TextArea
            {...props}
            value={comment}
            maxLength={MAX_COMMENT}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={({ target }) => setComment(target.value)}
          />
        )}
      </Field>
      <div className="text-editor-row">
        <Button size="small" danger disabled={busy} onClick={() => void rate(null)}>
          {t('feedback.withdraw')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('form.cancel')}
        </Button>
        <Button size="small" type="primary" htmlType="submit" loading={busy}>
          {t('form.save')}
        </Button>
      </div>
    </form>
  )
}
