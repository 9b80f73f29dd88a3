import type { AnswersRow } from '../parts/answers.ts'
import type { Results } from './results.ts'

export type Verdict = { what: string; value: string; limit: string; met: boolean }

const SERVICES = /^(gateway|worker-\d+|agent)$/
const KB = 1024

/** The targets that this run has numbers for. Ratios within one run: absolute numbers depend on the machine and its hour. */
export function judge(results: Results): Verdict[] {
  return [
    ...judgePaced(results.paced ?? []),
    ...judgeFlood(results.flood ?? []),
    ...judgeLength(results.length ?? []),
    ...judgeFollowers(results),
    ...judgeScaling(results),
  ]
}

function judgePaced(rows: AnswersRow[]): Verdict[] {
  const find = (target: string, slots: number) =>
    rows.find((row) => row.target === target && row.slots === slots)?.result
  const verdicts: Verdict[] = []
  for (const slots of [50, 200]) {
    const [ours, graph] = [find('Askwire', slots)?.tokenMs, find('LangGraph server', slots)?.tokenMs]
    if (!ours || !graph) continue
    const [p50, p99] = [ours.p50 / graph.p50, ours.p99 / graph.p99]
    verdicts.push({
      what: `token p50 at ${slots}, of LangGraph's`,
      value: share(p50),
      limit: '≤ 1/40',
      met: p50 <= 1 / 40,
    })
    verdicts.push({
      what: `token p99 at ${slots}, of LangGraph's`,
      value: share(p99),
      limit: '≤ 1/15',
      met: p99 <= 1 / 15,
    })
  }
  const [ours, relay] = [find('Askwire', 200)?.tokenMs, find('Portkey relay', 200)?.tokenMs]
  if (ours && relay) {
    const ratio = ours.p99 / relay.p99
    verdicts.push({ what: "token p99 at 200, of Portkey's", value: times(ratio), limit: '≤ 2 ×', met: ratio <= 2 })
  }
  const most = find('Askwire', 500)
  if (most)
    verdicts.push({
      what: 'failed at 500',
      value: `${most.failed} of ${most.asked}`,
      limit: '0',
      met: most.failed === 0,
    })
  return verdicts
}

function judgeFlood(rows: AnswersRow[]): Verdict[] {
  const rate = (target: string) => rows.find((row) => row.target === target)?.tokensPerSecond
  const ours = rate('Askwire')
  const verdicts: Verdict[] = []
  for (const [target, least] of [
    ['LangGraph server', 15],
    ['Portkey relay', 1],
  ] as const) {
    const theirs = rate(target)
    if (ours === undefined || theirs === undefined) continue
    const ratio = ours / theirs
    verdicts.push({ what: `tokens/s, of ${target}'s`, value: times(ratio), limit: `≥ ${least} ×`, met: ratio >= least })
  }
  return verdicts
}

function judgeLength(rows: AnswersRow[]): Verdict[] {
  const services = (row: AnswersRow): number =>
    Object.entries(row.cpuPer1000).reduce((sum, [name, seconds]) => sum + (SERVICES.test(name) ? seconds : 0), 0)
  const [shortest, longest] = [rows[0], rows.at(-1)]
  if (!shortest || !longest || shortest === longest) return []
  const ratio = services(longest) / services(shortest)
  const what = `CPU per token of our services, ${longest.tokensPerAnswer} against ${shortest.tokensPerAnswer} tokens`
  return [{ what, value: times(ratio), limit: '≤ 1.1 ×', met: ratio <= 1.1 }]
}

function judgeFollowers({ followers = [] }: Results): Verdict[] {
  return followers
    .filter((row) => row.server === 'Askwire gateway')
    .flatMap((ours) => {
      const bare = followers.find((row) => row.server !== ours.server && row.followers === ours.followers)
      if (!bare) return []
      return (['heapBytes', 'rssBytes'] as const).map((field) => {
        const more = (ours[field] - bare[field]) / KB
        const what = `idle follower over a bare one at ${ours.followers}, ${field === 'heapBytes' ? 'heap' : 'resident'}`
        return { what, value: `${more.toFixed(1)} kB`, limit: '≤ 16 kB', met: more <= 16 }
      })
    })
}

function judgeScaling({ scaling = [] }: Results): Verdict[] {
  const last = scaling.at(-1)
  if (!last || scaling.length < 2) return []
  const what = `answers per second with ${last.workers} workers, of the line`
  return [{ what, value: `${Math.round(last.ofLine * 100)} %`, limit: '≥ 95 %', met: last.ofLine >= 0.95 }]
}

const share = (ratio: number): string => (ratio < 1 ? `1/${(1 / ratio).toFixed(1)}` : times(ratio))
const times = (ratio: number): string => `${ratio.toFixed(2)} ×`
