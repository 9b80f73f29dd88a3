import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Script, scriptedModel, USAGE } from './scripted-model.ts'
import { agentRequest, authorization, messageParams, startTestAgent } from './start-test-agent.ts'

/** Answers of `count` events: text and reasoning in turn, so that no two can be merged into one. */
export const alternating: Script = async function* ({ question }) {
  const count = Number(question)
  // As a model does before its first token; the run's checkpoint is written meanwhile.
  await sleep(20)
  for (let index = 0; index < count; index += 1) {
    yield { kind: index % 2 === 0 ? 'text' : 'reasoning', delta: 'some words ' }
    if (index % 8 === 7) await new Promise((resolve) => setImmediate(resolve))
  }
  yield { kind: 'end', usage: USAGE, finishReason: 'stop' }
}

/**
 * Microseconds of this process's CPU from the first to the last piece of text of an answer, by its number of events, over
 * real HTTP; the best mean of four rounds of `eventsEach` events. CPU, because the clock also counts what else the machine does.
 */
export async function measureEvents(lengths: readonly number[], eventsEach: number): Promise<Map<number, number>> {
  const target = await startTestAgent({ chat: scriptedModel(alternating) })
  const ask = (count: number) => timeOneAnswer(target.url, count)
  try {
    for (let warm = 0; warm < 10; warm += 1) await ask(200)
    const best = new Map(lengths.map((length) => [length, Number.POSITIVE_INFINITY]))
    for (let round = 0; round < 4; round += 1) {
      for (const length of lengths) {
        const answers = Math.ceil(eventsEach / length)
        let microseconds = 0
        for (let index = 0; index < answers; index += 1) microseconds += (await ask(length)) / answers
        best.set(length, Math.min(best.get(length)!, microseconds))
      }
    }
    return best
  } finally {
    await target.close()
  }
}

async function timeOneAnswer(url: string, count: number): Promise<number> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'SendStreamingMessage',
    params: messageParams(String(count), agentRequest()),
  })
  const headers = {
    'content-type': 'application/json',
    authorization: await authorization(),
    'a2a-version': '1.0',
  }
  return await new Promise((resolve, reject) => {
    const outgoing = request(`${url}/a2a`, { method: 'POST', headers }, (response) => {
      let before: NodeJS.CpuUsage | undefined
      let spent = 0
      let seen = 0
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const found = text.split('"some words ').length - 1
        if (found === 0) return
        before ??= process.cpuUsage()
        const { user, system } = process.cpuUsage(before)
        spent = user + system
        seen += found
      })
      response.on('end', () => {
        if (seen !== count) reject(new Error(`${seen} events of ${count}`))
        else resolve(spent)
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
