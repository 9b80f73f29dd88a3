import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAction } from '../../hooks/use-action.ts'
import { FailureAlert } from '../failure-alert.tsx'

/** Shows the next page of a list, when there is one. */
export function MoreButton({ more }: { more: (() => Promise<void>) | undefined }) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  if (!more) return null
  return (
    <div className="more">
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
      <Button loading={busy} onClick={() => void run(more)}>
        {t('form.more')}
      </Button>
    </div>
  )
}
