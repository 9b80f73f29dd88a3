/**
 * `fetch` for a provider's client. The body of a refusal is thrown away unread, so that none of its text can reach an error or
 * a log; without a key no `Authorization` is sent.
 */
export function createProviderFetch(options: { hasKey: boolean; signal?: AbortSignal }): typeof fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers)
    if (!options.hasKey) headers.delete('authorization')
    const signals = [init?.signal, options.signal].filter((signal) => signal instanceof AbortSignal)
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.any(signals) })
    if (!response.ok) {
      await response.body?.cancel()
      return new Response('{}', { status: response.status, headers: retryHeaders(response.headers) })
    }
    return response
  }
}

function retryHeaders(headers: Headers): Headers {
  const kept = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = headers.get(name)
    if (value !== null) kept.set(name, value)
  }
  return kept
}
