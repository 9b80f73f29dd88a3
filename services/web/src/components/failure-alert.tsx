import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/api-error.ts'
import { useFailureText } from '../hooks/use-failure-text.ts'

type FailureAlertProps = {
  failure: ApiError | null | undefined
  /** Texts that go before the general ones. */
  area?: string
  onDismiss?(): void
  onRetry?(): void
}

/** A request of the page that failed, in words, with what can be done about it. */
export function FailureAlert({ failure, area, onDismiss, onRetry }: FailureAlertProps) {
  const { t } = useTranslation()
  const failureText = useFailureText(area)
  if (!failure) return null
  const { requestId, details, retryAfterMs } = failure
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={
        <>
          {failureText(failure)}{' '}
          {retryAfterMs !== undefined && t('failure.wait', { count: Math.ceil(retryAfterMs / 1000) })}{' '}
          {requestId && <small className="request-id">{t('failure.request', { id: requestId })}</small>}
          {details.length > 0 && (
            <ul className="failure-details">
              {details.map(({ path, message }) => (
                <li key={`${path} ${message}`}>{path ? `${path}: ${message}` : message}</li>
              ))}
            </ul>
          )}
        </>
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('failure.retry')}
          </Button>
        )
      }
      closable={onDismiss ? { 'aria-label': t('failure.dismiss'), onClose: onDismiss } : false}
    />
  )
}
