import type { SessionView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { useDates } from './use-dates.ts'

/** What a session is called; those without a name are told apart by their time. */
export function useSessionTitle({ title, createdAt }: Pick<SessionView, 'title' | 'createdAt'>): string {
  const { t } = useTranslation()
  const { time } = useDates()
  return title ?? `${t('nav.untitled')} · ${time(createdAt)}`
}
