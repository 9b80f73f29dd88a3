import { createServer } from 'node:http'

// What an idle event stream costs in Node itself: headers, a retry line, and one comment line a minute on one timer.
const { port = '0' } = Object.fromEntries(process.argv.slice(2).map((arg) => arg.replace('--', '').split('=')))
const open = new Set<import('node:http').ServerResponse>()
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('retry: 1000\n\n')
  open.add(response)
  response.on('close', () => open.delete(response))
})
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
setInterval(() => {
  for (const response of open) response.write(': keep-alive\n\n')
}, 60_000)
process.once('SIGTERM', () => process.exit(0))
