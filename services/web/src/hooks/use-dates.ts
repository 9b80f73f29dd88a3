import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** Times of the gateway in words, in the page's language and this browser's time zone. */
export function useDates(): { date(at: string): string; time(at: string | null): string } {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  return useMemo(() => {
    const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
    const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    return {
      date: (at) => dates.format(new Date(at)),
      time: (at) => (at === null ? t('form.never') : times.format(new Date(at))),
    }
  }, [language, t])
}
