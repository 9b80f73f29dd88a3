import { DislikeFilled, DislikeOutlined, LikeFilled, LikeOutlined } from '@ant-design/icons'
import type { FeedbackView } from '@askwire/contracts'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

type FeedbackButtonsProps = {
  feedback: FeedbackView | undefined
  /** Whether there is more to see or say of it below. */
  expanded: boolean
  onRate(rating: 'up' | 'down'): void
}

const ICONS = {
  up: { true: <LikeFilled />, false: <LikeOutlined /> },
  down: { true: <DislikeFilled />, false: <DislikeOutlined /> },
} as const

/** Thumbs up and down. One that is pressed is the feedback that was given; pressing it again opens what was said. */
export function FeedbackButtons({ feedback, expanded, onRate }: FeedbackButtonsProps) {
  const { t } = useTranslation()
  return (['up', 'down'] as const).map((rating) => {
    const given = feedback?.rating === rating
    return (
      <Button
        key={rating}
        type="text"
        size="small"
        className={given ? 'given' : ''}
        icon={ICONS[rating][`${given}`]}
        aria-label={t(`feedback.${rating}`)}
        title={t(`feedback.${rating}`)}
        aria-pressed={given}
        aria-expanded={given && expanded}
        onClick={() => onRate(rating)}
      />
    )
  })
}
