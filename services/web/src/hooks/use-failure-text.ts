import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/**
 * A sentence for an error code in the page's language; where there is none, the gateway's own (English) one. `area` names texts
 * that go before the general ones: what `conflict` means depends on what was asked.
 */
export function useFailureText(area?: string): (failure: { code: string; message: string }) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    ({ code, message }) => {
      const keys = [...(area ? [`${area}.${code}`] : []), `failure.${code}`]
      const key = keys.find((one) => i18n.exists(one))
      return key ? t(key) : message || t('failure.internal')
    },
    [t, i18n, area],
  )
}
