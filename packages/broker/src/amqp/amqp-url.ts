/**
 * The URL with its heartbeat. amqplib reads the heartbeat from the URL alone and otherwise takes the server's 60 s; a
 * silent partition is seen after two to three intervals. Throws a `TypeError` that does not repeat the URL: it may hold a password.
 */
export function withHeartbeat(url: string, heartbeatSeconds: number): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'amqp:' && parsed?.protocol !== 'amqps:') {
    throw new TypeError('The broker URL must look like amqp://user:password@host:port/vhost')
  }
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds))
  return parsed.href
}
