import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

type Told = { code?: string | undefined; params: Record<string, string | number>; why: string }

/** A sentence for a reason of a report in the page's language; where there is none, the gateway's own (English) one. */
export function useReasonText(): (reason: Told) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    ({ code, params, why }) => (code !== undefined && i18n.exists(`skip.${code}`) ? t(`skip.${code}`, params) : why),
    [t, i18n],
  )
}
