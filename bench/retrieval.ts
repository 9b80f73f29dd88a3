/**
 * How well and how fast passages are found: hit@1, hit@5 and mean reciprocal rank on Askwire's own question set (two
 * languages, 42 passages and 46 questions each, written for this project: good for comparing rankings, not for comparing
 * products), then times on synthetic text. `--chunks 20000` for a larger collection; `--postgres` also measures the
 * server of `npm run servers:up`.
 */
import { parseArgs } from 'node:util'
import { createDatabase, readServers } from '@askwire/testing'
import {
  countRefused,
  indexPassages,
  LANGUAGES,
  measure,
  openForBench,
  rankersOf,
  readQuestionSet,
} from '../packages/knowledge/test/evaluation.ts'
import { measureSpeed } from '../packages/knowledge/test/measure-speed.ts'

const { values } = parseArgs({
  options: {
    chunks: { type: 'string', default: '1000' },
    postgres: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
  },
})
const sizes = [...new Set([100, Number(values.chunks)])]

await bench('embedded')
if (values.postgres) {
  const servers = readServers()
  if (!servers) throw new Error('the real servers are not running; start them with: npm run servers:up')
  const database = await createDatabase(servers)
  try {
    await bench('PostgreSQL', database.url)
  } finally {
    await database.drop()
  }
}

async function bench(name: string, url?: string): Promise<void> {
  const deps = await openForBench(url)
  try {
    for (const language of LANGUAGES) {
      const set = readQuestionSet(language)
      const scope = await indexPassages(deps, set)
      const table: Record<string, Record<string, string>> = {}
      for (const [ranker, rank] of Object.entries(rankersOf(deps, scope))) {
        const { hit1, hit5, mrr, missed } = await measure(set, rank)
        table[ranker] = { 'hit@1': hit1.toFixed(3), 'hit@5': hit5.toFixed(3), MRR: mrr.toFixed(3) }
        if (values.misses) for (const miss of missed) console.log(`${ranker}: ${miss}`)
      }
      console.log(`\n${name}, ${language}: ${set.questions.length} questions`)
      console.table(table)
      const refused = await countRefused(deps, scope, set.unrelated)
      console.log(`of ${set.unrelated.length} questions that nothing answers, ${refused} find nothing`)
    }
    for (const size of sizes) {
      const speed = await measureSpeed(deps, size, (done) =>
        process.stderr.write(`\r${name}: ${done} of ${size} chunks `),
      )
      const figures = Object.entries(speed).map(([key, value]) => `${key} ${value.toFixed(1)}`)
      console.log(`\n${name}: ${figures.join(', ')}`)
    }
  } finally {
    await deps.store.close()
  }
}
