/** What this browser remembers for the page. */
export type SettingName = 'language' | 'theme' | 'login' | 'list'

const PREFIX = 'askwire.'
const keyOf = (name: SettingName): string => PREFIX + name
/** Stands in where the browser keeps nothing. */
const memory = new Map<string, string>()
const listeners = new Map<string, Set<() => void>>()

/** A remembered setting; null when there is none. */
export function readSetting(name: SettingName): string | null {
  try {
    return localStorage.getItem(keyOf(name)) ?? memory.get(keyOf(name)) ?? null
  } catch {
    return memory.get(keyOf(name)) ?? null
  }
}

/** Remembers a setting, as far as the browser allows; null forgets it. */
export function writeSetting(name: SettingName, value: string | null): void {
  const key = keyOf(name)
  memory.delete(key)
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage is full or forbidden: then for as long as the page is open.
    if (value !== null) memory.set(key, value)
  }
  for (const listener of listeners.get(key) ?? []) listener()
}

/** Calls `listener` when this tab or another one changes a setting. Returns what ends it. */
export function onSettingChange(name: SettingName, listener: () => void): () => void {
  const key = keyOf(name)
  const here = listeners.get(key) ?? new Set()
  listeners.set(key, here.add(listener))
  const stopWatching = onForeignChange(name, listener)
  return () => {
    here.delete(listener)
    stopWatching()
  }
}

/** As `onSettingChange`, for what other tabs change only. */
export function onForeignChange(name: SettingName, listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    // A null key: everything was cleared.
    if (event.key === keyOf(name) || event.key === null) listener()
  }
  window.addEventListener('storage', onStorage)
  return () => window.removeEventListener('storage', onStorage)
}
