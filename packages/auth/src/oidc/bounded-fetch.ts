import type { CustomFetch } from 'openid-client'

/** Longer than any discovery document, key set or token answer. */
const MAX_ANSWER_BYTES = 1_048_576

/**
 * A `fetch` that goes to these origins alone, follows no redirect, and refuses an answer above 1 MiB: what a provider's document
 * names is not believed to be a place this server may ask. The caller's signal bounds its time, the body's included.
 */
export function bounded(origins: ReadonlySet<string>, send: typeof fetch = fetch): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const { origin, username, password } = new URL(url)
    if (!origins.has(origin) || username !== '' || password !== '') {
      throw new Error(`the sign-in provider names an address at ${origin}, which is not allowed`)
    }
    const response = await send(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    })
    const { status, statusText } = response
    const answer = await readBounded(response)
    // Bodies of these statuses must be null.
    const empty = status === 204 || status === 304
    return new Response(empty ? null : answer, { status, statusText, headers: response.headers })
  }
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    const part: Uint8Array = chunk
    bytes += part.byteLength
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the sign-in provider answers with more than is believed')
    chunks.push(part)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
