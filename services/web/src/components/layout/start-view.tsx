import { Spin } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../../api/api-error.ts'
import { FailureAlert } from '../failure-alert.tsx'

/** What is seen until the page knows who is there, and why it does not. */
export function StartView({ failure, onRetry }: { failure?: ApiError; onRetry?(): void }) {
  const { t } = useTranslation()
  return (
    <div className="start">
      {failure ? (
        <FailureAlert failure={failure} area="formFailure" {...(onRetry && { onRetry })} />
      ) : (
        <div role="status" className="start-wait">
          <Spin />
          <span className="visually-hidden">{t('form.loading')}</span>
        </div>
      )}
    </div>
  )
}
