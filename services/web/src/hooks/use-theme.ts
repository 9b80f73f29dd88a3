import { useEffect, useState } from 'react'
import { readSetting, writeSetting } from '../state/settings.ts'
import { useMedia } from './use-media.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

/** The chosen theme and what it comes to now; also told to the style sheet as `data-theme`. */
export function useTheme(): { choice: ThemeChoice; dark: boolean; choose(choice: ThemeChoice): void } {
  const [choice, setChoice] = useState<ThemeChoice>(() => {
    const stored = readSetting('theme')
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  })
  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const dark = choice === 'system' ? systemDark : choice === 'dark'
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  const choose = (next: ThemeChoice): void => {
    writeSetting('theme', next)
    setChoice(next)
  }
  return { choice, dark, choose }
}
