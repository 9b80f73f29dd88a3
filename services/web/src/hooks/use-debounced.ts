import { useEffect, useState } from 'react'

const QUIET_MS = 250

/** The value as it was once it has not changed for a moment: not every letter typed is a question to the gateway. */
export function useDebounced<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), QUIET_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
