import { LogoutOutlined, SettingOutlined, TeamOutlined, UserOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useAction } from '../hooks/use-action.ts'
import { useMe } from '../hooks/use-auth.ts'
import { auth } from '../state/auth-store.ts'
import { navigate } from '../state/navigation.ts'
import { adminSections } from '../state/routes.ts'
import { FailureAlert } from './failure-alert.tsx'
import { PageLink } from './layout/page-link.tsx'

/** Who is signed in, with the ways to their account, to the administration where they have one, and out. */
export function AccountMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const { busy, failure, run, dismiss } = useAction()
  // There is no account yet, and yet there are sessions to take away.
  if (me.trial) {
    return (
      <section className="account-menu" aria-label={t('nav.account')}>
        <PageLink to="/account/data">
          <SettingOutlined aria-hidden /> {t('account.sections.data')}
        </PageLink>
      </section>
    )
  }
  const leave = async (): Promise<void> => {
    if (await run(auth.signOut)) navigate('/signin')
  }
  return (
    <section className="account-menu" aria-label={t('nav.account')}>
      <FailureAlert failure={failure} onDismiss={dismiss} />
      <p className="account-name" title={me.email ?? undefined}>
        <UserOutlined aria-hidden /> <span>{me.name}</span>
      </p>
      <PageLink to="/account">
        <SettingOutlined aria-hidden /> {t('nav.account')}
      </PageLink>
      {adminSections(me).length > 0 && (
        <PageLink to="/admin">
          <TeamOutlined aria-hidden /> {t('nav.admin')}
        </PageLink>
      )}
      <button type="button" disabled={busy} onClick={() => void leave()}>
        <LogoutOutlined aria-hidden /> {t('nav.signOut')}
      </button>
    </section>
  )
}
