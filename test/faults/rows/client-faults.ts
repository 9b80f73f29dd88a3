import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { sendRequest, textOfRun, waitFor } from '@askwire/testing'
import type { Asked, Bench } from '../bench.ts'
import type { RunnableFault } from '../fault.ts'
import { measureStops } from '../measure-stops.ts'

const succeeded = (bench: Bench, status: string): void => bench.must(status === 'succeeded', `the run ended ${status}`)

/** A connection that follows a session at the first gateway and reads nothing of it. */
async function openStuckReader(bench: Bench, sessionId: string): Promise<Socket> {
  const { hostname, port } = new URL(bench.cluster.urls[0] ?? '')
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  const headers = { host: `${hostname}:${port}`, ...bench.cluster.accounts.headersOf(bench.id) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(`GET /api/sessions/${sessionId}/events HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return socket
}

/** Clients that leave, come back elsewhere, double and stop their questions; gateways that die under them. */
export const clientFaults: readonly RunnableFault[] = [
  {
    id: 'F26',
    name: 'a reader that takes nothing, while megabytes are told',
    holds: 'its stream is closed; the other follower of the session gets everything',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const first = await bench.ask({ tokens: 10, pace: 'interval=0' })
      succeeded(bench, await bench.untilEnd(first))
      const { sessionId } = first
      const followers = async (): Promise<number> => Number((await bench.get('/health')).body.followers)
      const before = await followers()
      const stuck = await openStuckReader(bench, sessionId)
      try {
        await waitFor(async () => (await followers()) > before, { what: 'the slow reader on the gateway' })
        // More than the kernel keeps of a connection for both sides, and the gateway beside it.
        for (let round = 0; round < 12; round += 1) {
          const { runId } = await bench.ask({ sessionId, follower: first.follower, tokens: 90_000, pace: 'interval=0' })
          succeeded(bench, await bench.untilEnd({ ...first, runId }))
          if ((await followers()) === before) break
        }
        bench.must((await followers()) === before, 'the slow reader is still held')
      } finally {
        stuck.destroy()
      }
      await bench.closeFollowers([first])
    },
  },
  {
    id: 'F27',
    name: 'client gone in the middle of an answer',
    holds: 'the answer goes on to its end without anyone following',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 80, pace: 'interval=15' })
      await bench.untilTokens(asked, 10)
      await asked.follower.close()
      await waitFor(async () => (await bench.runRow(asked.runId)).status === 'succeeded', { what: 'the end' })
      bench.must(bench.callsFor(asked.key)[0]?.tokensSent === 80, 'the provider was cut short')
    },
  },
  {
    id: 'F28',
    name: 'resume on another replica: in the middle, at the start, at the end, ahead, garbage, foreign',
    holds: 'exact suffix; garbage 400; unknown session 404; terminal 204; ahead: a snapshot',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 250, pace: 'interval=20' })
      const { follower, sessionId } = asked
      const { connections } = follower.record
      for (let move = 0; move < 6; move += 1) {
        await waitFor(() => connections.length === move + 1 && connections[move]?.status === 200, {
          what: `connection ${move + 1}`,
        })
        await bench.untilTokens(asked, 12 * (move + 1))
        follower.moveTo(bench.cluster.urls[move % bench.cluster.urls.length]!)
      }
      succeeded(bench, await bench.untilEnd(asked))
      await follower.close()
      const path = `/api/sessions/${sessionId}/events?until=idle`
      const last = follower.record.events.findLast(({ id }) => id !== null)?.id ?? ''
      const statusOf = async (where: string, lastEventId: string): Promise<number> =>
        (await bench.get(where, 1, { 'last-event-id': lastEventId })).status
      bench.must((await statusOf(path, last)) === 204, 'the end is not answered by 204')
      bench.must((await statusOf(path, 'not an id')) === 400, 'garbage is not answered by 400')
      const unknown = '/api/sessions/01890000-0000-7000-8000-000000000000/events'
      bench.must((await statusOf(unknown, last)) === 404, 'an unknown session is not answered by 404')
      const ahead = bench.client.follow({ user: bench.id, sessionId, after: '9-1000001', untilIdle: true })
      await ahead.until('a snapshot', ({ event }) => event === 'snapshot')
      await ahead.close()
    },
  },
  {
    id: 'F29',
    name: 'attaching at the very moment an instant answer is given',
    holds: 'the first token is never lost, whether attaching before, during or after; 150 times',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      for (let round = 0; round < 15; round += 1) {
        const asked = await Promise.all(Array.from({ length: 10 }, () => bench.ask({ tokens: 5, pace: 'ttft=0' })))
        for (const one of asked) succeeded(bench, await bench.untilEnd(one))
        await bench.closeFollowers(asked)
      }
      const first = await bench.ask({ tokens: 5, pace: 'ttft=0' })
      succeeded(bench, await bench.untilEnd(first))
      const { sessionId } = first
      for (let round = 0; round < 10; round += 1) {
        const live = bench.client.follow({ user: bench.id, sessionId, after: 'live' })
        const next = await bench.ask({ sessionId, follower: first.follower, tokens: 5, pace: 'ttft=0' })
        succeeded(bench, await bench.untilEnd(next))
        await live.close()
      }
      await bench.closeFollowers([first])
    },
  },
  {
    id: 'F30',
    name: 'two tabs on one session',
    holds: 'both get the whole stream',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const asked = await bench.ask({ tokens: 60, pace: 'interval=10' })
      const tabs = bench.cluster.urls.map((gateway) =>
        bench.client.follow({ user: bench.id, sessionId: asked.sessionId, gateway, after: 'live' }),
      )
      succeeded(bench, await bench.untilEnd(asked))
      const texts = await Promise.all(
        tabs.map(async (tab) => {
          await tab.untilEnd(asked.runId, 10_000)
          await tab.close()
          return textOfRun(tab.record.events, asked.runId)
        }),
      )
      bench.must(new Set(texts).size === 1 && texts[0]?.length === 60 * 9, 'the tabs show different texts')
      await bench.closeFollowers([asked])
    },
  },
  {
    id: 'F31',
    name: 'gateway killed with followers on it',
    holds: 'followers go on at the other gateway without a gap; no run costs an attempt',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const asked = await Promise.all(Array.from({ length: 30 }, () => bench.ask({ tokens: 120, pace: 'interval=25' })))
      await Promise.all(asked.map((one) => bench.untilTokens(one, 20)))
      const [victim] = bench.cluster.gateways
      await victim!.signal('SIGKILL')
      const ends = await Promise.all(asked.map((one) => bench.untilEnd(one)))
      for (const status of ends) succeeded(bench, status)
      for (const { runId } of asked) bench.must((await bench.runRow(runId)).attempt === 1, 'a run cost an attempt')
      bench.must(
        asked.some(({ follower }) => follower.record.connections.length > 1),
        'no follower was on that gateway',
      )
      await bench.closeFollowers(asked)
    },
  },
  {
    id: 'F32',
    name: 'rolling deploy: every process stopped in order and started again, under load',
    holds: 'each ends with exit code 0, and no run fails',
    spoils: {},
    smoke: false,
    provoke: async (bench) => {
      const over = new AbortController()
      const load = bench.load({
        durationMs: 120_000,
        cancelChance: 0,
        signal: over.signal,
        tokens: { from: 10, to: 80 },
      })
      const { gateways, workers, agents } = bench.cluster
      for (const service of [...gateways, ...workers, ...agents]) {
        await service.signal('SIGTERM')
        const code = await service.ended(20_000)
        bench.must(code === 0, `${service.name} ended with ${code}`)
        await service.start()
      }
      over.abort()
      await load
      const failed = await bench.withDatabase((database) =>
        database.query<{ id: string; code: string }>(
          `select r.id, r.error->>'code' as code from runs r join messages m on m.id = r.question_id
          where r.status = 'failed' and m.content like $1`,
          [`%run:${bench.id}-%`],
        ),
      )
      bench.must(failed.length === 0, `${failed.length} runs failed: ${failed.map(({ code }) => code).join(', ')}`)
    },
  },
  {
    id: 'F34',
    name: 'fifty sends of one question, and ten questions at once into one session',
    holds: 'one run for one key; the ten answered one after another',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const { random, client, id } = bench
      const same = { user: id, key: `${id}-same`, tokens: 10, idempotencyKey: `${id}-same` }
      const all = await Promise.all(Array.from({ length: 50 }, () => client.ask(same)))
      // Fifty records of one intention: the checker is to see one.
      client.asks.splice(1)
      bench.must(new Set(all.map((one) => one?.runId)).size === 1, 'one key made several runs')
      const first = await bench.ask({ tokens: 30, pace: `interval=${random.between(5, 20)}` })
      const { sessionId, follower } = first
      const rest = await Promise.all(Array.from({ length: 10 }, () => bench.ask({ sessionId, follower, tokens: 10 })))
      for (const one of [first, ...rest]) succeeded(bench, await bench.untilEnd(one))
      await follower.close()
    },
  },
  {
    id: 'F35',
    name: 'stops at random times: queued, running, ending, ended, twice, and after the worker died',
    holds: 'the same answer to the second stop; the provider is left within a second; the next answer is clean',
    spoils: {},
    smoke: true,
    provoke: async (bench) => {
      const stops = await measureStops(bench, 20)
      bench.must(stops.closed >= 5, `only ${stops.closed} stops met an open provider socket`)
      bench.must(stops.p99 <= 1000, `the provider was left after ${stops.p99} ms`)
      await stopTwiceAndAfterDeath(bench)
    },
  },
]

async function stopTwiceAndAfterDeath(bench: Bench): Promise<void> {
  const asked = await bench.ask({ tokens: 300, pace: 'interval=20' })
  await bench.untilTokens(asked, 10)
  const waiting: Asked = await bench.ask({ sessionId: asked.sessionId, follower: asked.follower, tokens: 10 })
  bench.must((await bench.client.cancel(waiting.runId)).runStatus === 'cancelled', 'a waiting run was not stopped')
  const worker = await bench.workerOf(asked.runId)
  await worker.signal('SIGKILL')
  const [first, second] = await Promise.all([bench.client.cancel(asked.runId), bench.client.cancel(asked.runId)])
  bench.must(first.runStatus === 'cancelled' && second.runStatus === 'cancelled', 'stopped twice, answered differently')
  await worker.start()
  const next = await bench.ask({ sessionId: asked.sessionId, follower: asked.follower, tokens: 20 })
  succeeded(bench, await bench.untilEnd(next))
  const { status } = await sendRequest(`${bench.cluster.urls[0]}/api/runs/${next.runId}/cancel`, {
    method: 'POST',
    headers: bench.cluster.accounts.headersOf(bench.id),
  })
  bench.must(status === 200, 'stopping a finished run is an error')
  succeeded(bench, (await bench.runRow(next.runId)).status)
  await asked.follower.close()
}
