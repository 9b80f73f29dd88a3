import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { type Arrangement, parseArrangement, storedArrangement } from '../state/arrangement.ts'
import { onSettingChange, readSetting, writeSetting } from '../state/settings.ts'

const read = (): string | null => readSetting('list')
const arrange = (arrangement: Arrangement): void => writeSetting('list', storedArrangement(arrangement))

/** How the list of sessions is sorted and filtered, as this browser remembers it; and what changes that. */
export function useArrangement(): [arrangement: Arrangement, arrange: (arrangement: Arrangement) => void] {
  const subscribe = useCallback((listener: () => void) => onSettingChange('list', listener), [])
  const stored = useSyncExternalStore(subscribe, read)
  return [useMemo(() => parseArrangement(stored), [stored]), arrange]
}
