import { Agent, type ClientRequest, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswersJob, AnswersResult } from './jobs.ts'
import { Samples } from './samples.ts'
import { createStampReader } from './stamp-reader.ts'
import { isWholeAnswer, requestFor } from './targets.ts'

const MAX_REASONS = 5
/** The end of a stream says whether it ended well. */
const TAIL_CHARS = 600

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n)

type Tally = {
  job: AnswersJob
  agent: Agent
  tokenUs: Samples
  firstUs: Samples
  ends: number[]
  reasons: string[]
  asked: number
  failed: number
  tokens: number
  lastTokenAt: number
  open: Set<ClientRequest>
  deadline: number
}

/** Asks `slots × rounds` questions, `slots` at a time, and measures every token by the stamp in it. */
export async function askMany(job: AnswersJob): Promise<AnswersResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const startedAt = nowUs()
  const tally: Tally = {
    job,
    agent,
    tokenUs: new Samples(),
    firstUs: new Samples(),
    ends: [],
    reasons: [],
    asked: 0,
    failed: 0,
    tokens: 0,
    lastTokenAt: startedAt,
    open: new Set(),
    deadline: startedAt + job.timeoutMs * 1000,
  }
  const giveUp = setTimeout(() => {
    for (const request of tally.open) request.destroy(new Error('not ended in time'))
  }, job.timeoutMs)
  await Promise.all(Array.from({ length: job.slots }, (_, slot) => runSlot(tally, slot)))
  clearTimeout(giveUp)
  agent.destroy()
  const { tokenUs, firstUs, asked, failed, reasons, tokens } = tally
  return {
    asked,
    failed,
    reasons,
    tokens,
    wallMs: (tally.lastTokenAt - startedAt) / 1000,
    tokenMs: tokenUs.spreadMs(),
    firstMs: firstUs.spreadMs(),
    endsMs: tally.ends.map((at) => (at - startedAt) / 1000).sort((a, b) => a - b),
  }
}

async function runSlot(tally: Tally, slot: number): Promise<void> {
  const { slots, rounds, rampMs } = tally.job
  if (rampMs > 0) await sleep((slot * rampMs) / slots)
  for (let round = 0; round < rounds; round += 1) {
    tally.asked += 1
    const failure = nowUs() >= tally.deadline ? 'not asked in time' : await askOnce(tally)
    if (failure === undefined) continue
    tally.failed += 1
    if (tally.reasons.length < MAX_REASONS && !tally.reasons.includes(failure)) tally.reasons.push(failure)
  }
}

/** Resolves with what went wrong, or `undefined`. */
function askOnce(tally: Tally): Promise<string | undefined> {
  const { job, agent } = tally
  const { url, headers, body } = requestFor(job.target, job.model)
  return new Promise((resolve) => {
    const askedAt = nowUs()
    const reader = createStampReader()
    let tail = ''
    let tokens = 0
    const settle = (failure: string | undefined): void => {
      tally.open.delete(request)
      tally.ends.push(nowUs())
      resolve(failure)
    }
    const request = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      response.setEncoding('latin1')
      response.on('data', (text: string) => {
        const now = nowUs()
        tail = (tail + text).slice(-TAIL_CHARS)
        const seen = reader.push(text, (stamp) => tally.tokenUs.add(now - stamp))
        if (seen === 0) return
        if (tokens === 0) tally.firstUs.add(now - askedAt)
        tokens += seen
        tally.tokens += seen
        tally.lastTokenAt = now
      })
      response.on('error', (error) => settle(error.message))
      response.on('end', () => {
        if (response.statusCode !== 200) settle(`HTTP ${response.statusCode} ${tail.slice(0, 200)}`)
        else if (tokens !== job.tokensPerAnswer)
          settle(`${tokens} tokens of ${job.tokensPerAnswer}: ${tail.slice(-200)}`)
        else if (!isWholeAnswer(job.target, tail)) settle(`no proper end: ${tail.slice(-200)}`)
        else settle(undefined)
      })
    })
    tally.open.add(request)
    request.on('error', (error) => settle(error.message))
    request.end(body)
  })
}
