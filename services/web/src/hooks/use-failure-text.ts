import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** A sentence for an error code in the page's language; where there is none, the gateway's own (English) one. */
export function useFailureText(): (failure: { code: string; message: string }) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    ({ code, message }) => (i18n.exists(`failure.${code}`) ? t(`failure.${code}`) : message || t('failure.internal')),
    [t, i18n],
  )
}
