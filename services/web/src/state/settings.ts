/** What this browser remembers for the page. */
export type SettingName = 'language' | 'theme' | 'recent'

const keyOf = (name: SettingName): string => `askwire.${name}`

/** A remembered setting; null when there is none, or the browser keeps nothing. */
export function readSetting(name: SettingName): string | null {
  try {
    return localStorage.getItem(keyOf(name))
  } catch {
    return null
  }
}

/** Remembers a setting, as far as the browser allows. */
export function writeSetting(name: SettingName, value: string): void {
  try {
    localStorage.setItem(keyOf(name), value)
  } catch {
    // Storage is full or forbidden: the page works without it.
  }
}

/** Calls `listener` when another tab changes a setting. Returns what ends it. */
export function onSettingChange(name: SettingName, listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key === keyOf(name)) listener()
  }
  window.addEventListener('storage', onStorage)
  return () => window.removeEventListener('storage', onStorage)
}
