/**
 * Calls `connect` now and whenever the page comes into sight, `disconnect` once it was hidden for `hiddenMs`: a browser has few
 * connections per server, and a stream can always go on. Returns what ends it, disconnected.
 */
export function whileVisible(
  { connect, disconnect }: { connect(): void; disconnect(): void },
  hiddenMs: number,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onChange = (): void => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(disconnect, hiddenMs)
    else connect()
  }
  connect()
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onChange)
    disconnect()
  }
}
