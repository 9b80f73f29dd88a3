import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Loaded } from '../../hooks/use-load.ts'
import { FailureAlert } from '../failure-alert.tsx'

type LoadViewProps<T> = {
  loaded: Loaded<T>
  isEmpty?(data: T): boolean
  empty?: string
  children(data: T): ReactNode
}

/** What is loaded; until then that it is loading, and else why not. */
export function LoadView<T>({ loaded, isEmpty, empty, children }: LoadViewProps<T>) {
  const { t } = useTranslation()
  const { data, failure, reload } = loaded
  return (
    <>
      <FailureAlert failure={failure} area="formFailure" onRetry={reload} />
      {data === undefined && !failure && (
        <div aria-busy="true">
          <span className="visually-hidden">{t('form.loading')}</span>
          <Skeleton active title={false} paragraph={{ rows: 4 }} />
        </div>
      )}
      {data !== undefined && isEmpty?.(data) && <p className="empty">{empty}</p>}
      {data !== undefined && !isEmpty?.(data) && children(data)}
    </>
  )
}
