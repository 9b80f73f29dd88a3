import type { KeyStorage, StoredKey } from './key-ring.ts'

/** The storage of signing keys without a database: one for several rings, as replicas have it. */
export function memoryKeyStorage(): KeyStorage & { keys: StoredKey[]; reads: number } {
  const storage = {
    keys: [] as StoredKey[],
    reads: 0,
    list: async () => {
      storage.reads += 1
      return [...storage.keys]
    },
    add: async (key: StoredKey, known: readonly string[]) => {
      if (storage.keys.every(({ kid }) => known.includes(kid))) storage.keys.push(key)
    },
  }
  return storage
}
