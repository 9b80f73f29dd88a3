import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/api-error.ts'
import { useFailureText } from '../hooks/use-failure-text.ts'

/** A request of the page that failed: the question is back in the field, so sending it again is asking again. */
export function FailureAlert({ failure, onDismiss }: { failure: ApiError | null; onDismiss(): void }) {
  const { t } = useTranslation()
  const failureText = useFailureText()
  if (!failure) return null
  const { requestId } = failure
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={
        <>
          {failureText(failure)}{' '}
          {requestId && <small className="request-id">{t('failure.request', { id: requestId })}</small>}
        </>
      }
      closable={{ 'aria-label': t('failure.dismiss'), onClose: onDismiss }}
    />
  )
}
