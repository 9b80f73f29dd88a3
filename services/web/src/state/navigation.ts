const listeners = new Set<() => void>()

/** Shows another address of the page. `replace`: the present one is not to be gone back to. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (path === location.pathname + location.hash) return
  if (options.replace) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  for (const listener of listeners) listener()
}

/** Calls `listener` when the address changes, by the page or by going back. Returns what ends it. */
export function onNavigation(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}
