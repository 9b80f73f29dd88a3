import { connect, type Socket } from 'node:net'

export type CrowdOptions = {
  host: string
  port: number
  /** The credential all of them show, as `Bearer …`. */
  authorization?: string | undefined
  /** Connections being opened at one time; default: 100. */
  atOnce?: number
  /** How long one may take to begin. */
  timeoutMs: number
}

/** How many streams have begun, and what the others were told: their status, 0 for no answer at all. */
export type CrowdOpened = { open: number; refused: number[] }

/** Event streams that are held and hardly read, over plain sockets: ten thousand of them must cost this process little. */
export type StreamCrowd = {
  /** Opens one stream per path, beside those there are. */
  open(paths: readonly string[], options: CrowdOptions): Promise<CrowdOpened>
  /** Pieces that have come on all streams since the last look, their beginnings left out. */
  takePieces(): number
  close(): void
}

/** A crowd of nobody yet. */
export function createStreamCrowd(): StreamCrowd {
  const sockets = new Set<Socket>()
  let pieces = 0

  /** Resolves with 200 when the stream has begun: its first line has come. */
  const openOne = (path: string, options: CrowdOptions): Promise<number> =>
    new Promise((resolve) => {
      const { host, port, authorization, timeoutMs } = options
      const socket = connect({ host, port })
      let head = ''
      const end = (status: number): void => {
        clearTimeout(late)
        socket.destroy()
        sockets.delete(socket)
        resolve(status)
      }
      const late = setTimeout(() => end(0), timeoutMs)
      const onData = (chunk: Buffer): void => {
        head += chunk.toString('latin1')
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
        if (status !== 0 && status !== 200) end(status)
        if (status !== 200 || !head.includes('retry:')) return
        clearTimeout(late)
        socket.off('data', onData)
        socket.on('data', () => {
          pieces += 1
        })
        resolve(200)
      }
      socket.on('data', onData)
      socket.once('error', () => end(0))
      socket.once('close', () => end(0))
      sockets.add(socket)
      const credential = authorization === undefined ? '' : `authorization: ${authorization}\r\n`
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n${credential}\r\n`)
    })

  return {
    open: async (paths, options) => {
      const waiting = paths.values()
      const refused: number[] = []
      let open = 0
      const worker = async (): Promise<void> => {
        for (const path of waiting) {
          const status = await openOne(path, options)
          if (status === 200) open += 1
          else refused.push(status)
        }
      }
      await Promise.all(Array.from({ length: options.atOnce ?? 100 }, worker))
      return { open, refused }
    },
    takePieces: () => {
      const taken = pieces
      pieces = 0
      return taken
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
  }
}
