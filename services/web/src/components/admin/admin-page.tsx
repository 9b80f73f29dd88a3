import { useTranslation } from 'react-i18next'
import { useMe } from '../../hooks/use-auth.ts'
import { type AdminSection, adminSections } from '../../state/routes.ts'
import { SectionPage } from '../layout/section-page.tsx'
import { ActivitiesSection } from './activities-section.tsx'
import { AuditSection } from './audit-section.tsx'
import { FeedbackSection } from './feedback-section.tsx'
import { GroupsSection } from './groups-section.tsx'
import { InvitationsSection } from './invitations-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { RolesSection } from './roles-section.tsx'
import { SettingsSection } from './settings-section.tsx'
import { TenantsSection } from './tenants-section.tsx'

const SECTIONS: Record<AdminSection, () => React.ReactNode> = {
  people: PeopleSection,
  roles: RolesSection,
  groups: GroupsSection,
  invitations: InvitationsSection,
  tenants: TenantsSection,
  settings: SettingsSection,
  feedback: FeedbackSection,
  activities: ActivitiesSection,
  audit: AuditSection,
}

/** The administration, as far as one may. What one may not is not offered; the gateway refuses it all the same. */
export function AdminPage({ section }: { section: AdminSection | undefined }) {
  const { t } = useTranslation()
  const allowed = adminSections(useMe())
  const shown = section === undefined ? allowed[0] : allowed.find((name) => name === section)
  const Section = shown && SECTIONS[shown]
  const sections = allowed.map((name) => ({ path: `/admin/${name}`, label: t(`admin.sections.${name}`) }))
  return (
    <SectionPage
      title={t('nav.admin')}
      sections={sections}
      current={sections.find(({ path }) => path === `/admin/${shown}`)}
    >
      {Section ? <Section key={shown} /> : <p className="empty">{t('failure.forbidden')}</p>}
    </SectionPage>
  )
}
