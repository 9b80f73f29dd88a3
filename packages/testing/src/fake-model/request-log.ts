export type FakeMessage = { role: string; content: string }

/** One request as the fake saw it. Times are milliseconds since 1970. */
export type FakeRequest = {
  readonly id: number
  readonly path: string
  readonly model: string
  readonly stream: boolean
  readonly authorization: string | undefined
  readonly messages: readonly FakeMessage[]
  readonly body: Readonly<Record<string, unknown>>
  readonly openedAt: number
  /** When the response was over, whoever ended it. */
  closedAt: number | undefined
  /** True when the client closed the socket before the fake had said all it wanted. */
  closedByClient: boolean
  /** True when the fake destroyed the socket itself. */
  cut: boolean
  tokensSent: number
}

export type RequestLog = {
  readonly requests: FakeRequest[]
  add(request: Omit<FakeRequest, 'id' | 'openedAt' | 'closedAt' | 'closedByClient' | 'cut' | 'tokensSent'>): FakeRequest
  /** How often this model name was asked for since the counts began, the newest request included. */
  countOf(model: string): number
  beginCounts(): void
  clear(): void
}

/** Keeps the newest `max` requests, the oldest first. */
export function createRequestLog(max: number): RequestLog {
  const requests: FakeRequest[] = []
  const counts = new Map<string, number>()
  let lastId = 0
  return {
    requests,
    add(request) {
      lastId += 1
      const entry: FakeRequest = {
        ...request,
        id: lastId,
        openedAt: Date.now(),
        closedAt: undefined,
        closedByClient: false,
        cut: false,
        tokensSent: 0,
      }
      if (requests.length >= max) requests.splice(0, Math.ceil(max / 10))
      requests.push(entry)
      if (counts.size >= max) counts.clear()
      counts.set(request.model, (counts.get(request.model) ?? 0) + 1)
      return entry
    },
    countOf: (model) => counts.get(model) ?? 0,
    beginCounts: () => counts.clear(),
    clear() {
      requests.length = 0
      counts.clear()
    },
  }
}
