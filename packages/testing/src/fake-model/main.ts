import { parseArgs } from 'node:util'
import { startFakeModel } from './start-fake-model.ts'

// The fake as a process of its own: `node main.ts --port 4010`. Prints its base URL and serves until it is told to stop.
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const fake = await startFakeModel({ port: Number(values.port) })
process.stdout.write(`${fake.baseUrl}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void fake.close())
