import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { onSettingChange } from '../state/settings.ts'
import { readTheme, type ThemeChoice } from '../state/theme-choice.ts'
import { useMedia } from './use-media.ts'

/** The chosen theme and what it comes to now; also told to the style sheet as `data-theme`. */
export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  const subscribe = useCallback((listener: () => void) => onSettingChange('theme', listener), [])
  const choice = useSyncExternalStore(subscribe, readTheme)
  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const dark = choice === 'system' ? systemDark : choice === 'dark'
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  return { choice, dark }
}
