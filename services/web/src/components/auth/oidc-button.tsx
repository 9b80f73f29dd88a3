import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { leaveFor } from '../../leave-for.ts'
import { routeOf } from '../../state/routes.ts'
import { FailureAlert } from '../failure-alert.tsx'

/** Leaves for the installation's provider, which sends back to the address on show. */
export function OidcButton({ name, invitation }: { name: string; invitation?: string | undefined }) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  const leave = async (): Promise<void> => {
    const { page } = routeOf(location.pathname)
    const returnTo = page === 'chat' || page === 'account' || page === 'admin' ? location.pathname : '/'
    leaveFor((await api.startOidc({ returnTo, ...(invitation !== undefined && { invitation }) })).url)
  }
  return (
    <div className="oidc">
      <p className="or">{t('auth.or')}</p>
      <Button block loading={busy} onClick={() => void run(leave)}>
        {t('auth.oidc', { name })}
      </Button>
      <FailureAlert failure={failure} area="oidcFailure" onDismiss={dismiss} />
    </div>
  )
}
