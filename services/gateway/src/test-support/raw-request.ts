import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends bytes as they are, such as no HTTP client would, and gives what came back until the other side closed. */
export async function rawRequest(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('latin1')
  socket.on('data', (part: string) => (answer += part))
  socket.on('error', () => {})
  socket.write(text, 'latin1')
  const late = setTimeout(() => socket.destroy(), 10_000)
  await once(socket, 'close')
  clearTimeout(late)
  return answer
}

/** The status of an answer as it came over the wire; 0 for none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
