import type { AnswersRow } from '../parts/answers.ts'
import { judge } from './judge.ts'
import type { Results } from './results.ts'

/** The results as Markdown tables, for a terminal and for a document. */
export function renderTables(results: Results): string {
  const { paced, flood, short, length, followers, scaling } = results
  const parts: string[] = []
  if (paced)
    parts.push(
      'Delay of tokens sent every 20 ms, ms',
      delays(paced),
      'CPU seconds per 1000 tokens, all processes of a target',
      totals(paced),
      'The same of Askwire, by process',
      cpu(paced),
    )
  if (flood)
    parts.push(
      'No pause between tokens, 50 answers of 500',
      rates(flood),
      'CPU seconds per 1000 tokens, all processes of a target',
      totals(flood),
      'The same of Askwire, by process',
      cpu(flood),
    )
  if (short) parts.push('Answers of one token per second, 50 at a time', rates(short, 'answers/s'))
  if (length)
    parts.push(
      'CPU seconds per 1000 tokens by the length of an answer',
      cpu(length, (row) => `${row.tokensPerAnswer} tokens`),
    )
  if (followers) {
    const rows = followers.map((row) => [row.server, row.followers, kb(row.heapBytes), kb(row.rssBytes)])
    parts.push('Memory of an idle follower, kB', table(['server', 'followers', 'heap', 'resident'], rows))
  }
  if (scaling) {
    const rows = scaling.map((row) => [
      row.workers,
      row.answersPerSecond,
      `${Math.round(row.ofLine * 100)} %`,
      row.failed,
    ])
    parts.push('Workers of 4 answers at once, 2 s each', table(['workers', 'answers/s', 'of the line', 'failed'], rows))
  }
  const verdicts = judge(results).map(({ what, value, limit, met }) => [what, value, limit, met ? 'yes' : 'NO'])
  if (verdicts.length > 0) parts.push('Against the targets', table(['what', 'seen', 'target', 'met'], verdicts))
  return parts.join('\n\n')
}

const kb = (bytes: number): string => (bytes / 1024).toFixed(1)

function delays(rows: AnswersRow[]): string {
  const head = [
    'answers at once',
    'target',
    'token p50',
    'p95',
    'p99',
    'first token p50',
    'p95',
    'p99',
    'failed',
    'others, cores',
  ]
  return table(
    head,
    rows.map(({ slots, target, othersCores, result: { tokenMs, firstMs, failed, asked } }) => [
      slots,
      target,
      ...[tokenMs.p50, tokenMs.p95, tokenMs.p99, firstMs.p50, firstMs.p95, firstMs.p99],
      `${failed} of ${asked}`,
      othersCores,
    ]),
  )
}

function rates(rows: AnswersRow[], unit = 'tokens/s'): string {
  const cells = rows.map((row) => [
    row.target,
    row.tokensPerSecond,
    `${row.result.failed} of ${row.result.asked}`,
    row.othersCores,
  ])
  return table(['target', unit, 'failed', 'others, cores'], cells)
}

/** Neither the model nor the load is the target's. */
const ENDS = new Set(['fake', 'loader'])

function totals(rows: AnswersRow[]): string {
  const loads = [...new Set(rows.map((row) => row.slots))]
  const total = (target: string, slots: number): number => {
    const cpu = rows.find((row) => row.target === target && row.slots === slots)?.cpuPer1000 ?? {}
    const sum = Object.entries(cpu).reduce((all, [name, seconds]) => (ENDS.has(name) ? all : all + seconds), 0)
    return Math.round(sum * 10_000) / 10_000
  }
  const targets = [...new Set(rows.map((row) => row.target))].filter((target) => target !== 'direct')
  return table(
    ['target', ...loads.map((slots) => `${slots} at once`)],
    targets.map((target) => [target, ...loads.map((slots) => total(target, slots))]),
  )
}

function cpu(rows: AnswersRow[], label = (row: AnswersRow): string => `${row.slots} at once`): string {
  const ours = rows.filter((row) => row.target === 'Askwire')
  const names = [...new Set(ours.flatMap((row) => Object.keys(row.cpuPer1000)))]
  return table(
    ['process', ...ours.map(label)],
    names.map((name) => [name, ...ours.map((row) => row.cpuPer1000[name] ?? 0)]),
  )
}

function table(head: (string | number)[], rows: (string | number)[][]): string {
  const all = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...rest] = all
  return [line(first), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rest.map(line)].join('\n')
}
