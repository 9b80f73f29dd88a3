/**
 * How well and how fast passages are found: hit@1, hit@5 and mean reciprocal rank on Askwire's own question set (two
 * languages, 42 passages and 46 questions each, written for this project, so good for comparing rankings and little
 * else), then times on synthetic text. `--chunks 20000` for a larger synthetic collection, `--postgres` for the real
 * server of `npm run servers:up` beside the embedded one.
 */
import { parseArgs } from 'node:util'
import { createDatabase, serversOrSkip } from '../packages/testing/src/index.ts'
import { measureSpeed } from '../packages/knowledge/test/measure-speed.ts'
import {
  indexPassages,
  LANGUAGES,
  measure,
  openBenchStore,
  rankersOf,
  readQuestionSet,
} from '../packages/knowledge/test/evaluation.ts'
