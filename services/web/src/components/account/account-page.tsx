import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import { type AccountSection, accountSections } from '../../state/routes.ts'
import { ArrivalAlert } from '../layout/arrival-alert.tsx'
import { SectionPage } from '../layout/section-page.tsx'
import { DataSection } from './data-section.tsx'
import { LoginsSection } from './logins-section.tsx'
import { MyActivitiesSection } from './my-activities-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { SecuritySection } from './security-section.tsx'
import { SharesSection } from './shares-section.tsx'
import { TokensSection } from './tokens-section.tsx'

const SECTIONS: Record<AccountSection, () => React.ReactNode> = {
  profile: ProfileSection,
  security: SecuritySection,
  logins: LoginsSection,
  tokens: TokensSection,
  shares: SharesSection,
  data: DataSection,
  activities: MyActivitiesSection,
}

/** Everything about one's own account. */
export function AccountPage({ section }: { section: AccountSection }) {
  const { t } = useTranslation()
  const sections = accountSections(useMe()).map((name) => ({
    path: `/account/${name}`,
    label: t(`account.sections.${name}`),
  }))
  const Section = SECTIONS[section]
  return (
    <SectionPage
      title={t('nav.account')}
      sections={sections}
      current={sections.find(({ path }) => path === `/account/${section}`)}
    >
      <ArrivalAlert />
      <Section />
    </SectionPage>
  )
}
