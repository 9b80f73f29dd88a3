import { authorization } from './start-test-agent.ts'

export type RpcOptions = { signal?: AbortSignal; headers?: Record<string, string> }

/** Sends one JSON-RPC request. */
export async function post(url: string, method: string, params: unknown, options: RpcOptions = {}): Promise<Response> {
  return await fetch(`${url}/a2a`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: await authorization(),
      'a2a-version': '1.0',
      ...options.headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    ...(options.signal && { signal: options.signal }),
  })
}

// biome-ignore lint/suspicious/noExplicitAny: responses are read field by field in expectations
export type Json = any

export async function call(url: string, method: string, params: unknown): Promise<Json> {
  return await (await post(url, method, params)).json()
}

/** The JSON of each event of a stream, as it comes. */
export async function* stream(
  url: string,
  method: string,
  params: unknown,
  options?: RpcOptions,
): AsyncGenerator<Json> {
  const response = await post(url, method, params, options)
  if (!response.headers.get('content-type')?.includes('event-stream')) throw new Error(await response.text())
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6))
  }
}

export async function collect(url: string, method: string, params: unknown): Promise<Json[]> {
  return await Array.fromAsync(stream(url, method, params))
}

/** The text of an artifact that these stream results add up to. */
export function textOf(events: Json[], artifactId = 'answer'): string {
  return events
    .flatMap(({ result }) => [result.artifactUpdate?.artifact, ...(result.task?.artifacts ?? [])])
    .filter((artifact) => artifact?.artifactId === artifactId)
    .map((artifact) => artifact.parts.map((part: Json) => part.text).join(''))
    .join('')
}
