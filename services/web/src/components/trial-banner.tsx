import { useTranslation } from 'react-i18next'
import { PageLink } from './layout/page-link.tsx'

/** Nobody has an account here yet: says quietly how this becomes one's own. */
export function TrialBanner() {
  const { t } = useTranslation()
  return (
    <p className="trial-banner">
      {t('trial.note')} <PageLink to="/register">{t('trial.link')}</PageLink>
    </p>
  )
}
