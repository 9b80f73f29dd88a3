import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'

/** Says what is special about the session on show: that it will be gone, or that it is a colleague's. */
export function SessionNote({ session }: { session: SessionView }) {
  const { t } = useTranslation()
  const note = session.temporary
    ? t('sessions.temporaryNote')
    : session.access !== 'owner'
      ? t(session.access === 'view' ? 'members.viewing' : 'members.editing')
      : undefined
  return note === undefined ? null : <p className="trial-banner">{note}</p>
}
