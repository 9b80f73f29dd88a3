import { readSetting } from './settings.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

/** The theme that was chosen in this browser. */
export function readTheme(): ThemeChoice {
  const stored = readSetting('theme')
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
