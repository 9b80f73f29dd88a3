import { AppError, type Scope, tag, uuid } from '@askwire/contracts'
import { readForTitle, setAutoTitle } from '@askwire/store'
import { z } from 'zod'
import type { JobContext, JobHandler } from '../job-context.ts'

const input = z.object({ sessionId: uuid })
const MAX_TITLE_CHARS = 120
const MAX_TAGS = 3
/** A finished one is of no interest to anybody. */
const LIFE_MS = 60_000

/** Names a session that has no title, and tags one that has no tags. What a person has written is never overwritten. */
export const titleJob: JobHandler = async (context) => {
  const given = input.safeParse(context.job.input)
  if (!given.success) throw new AppError('invalid_request', 'No session is named.')
  const { sessionId } = given.data
  const { deps, scope } = context
  const said = await readForTitle(deps.store, scope, sessionId)
  if (!said) return { report: { titled: false }, lifeMs: LIFE_MS }
  const made = readTitle(await askForTitle(context, scope, sessionId, said))
  const titled = made !== undefined && (await setAutoTitle(deps.store, scope, sessionId, made))
  if (titled) deps.notices.tell(scope.userId, { event: 'session.updated', sessionId })
  return { report: { titled }, lifeMs: LIFE_MS }
}

async function askForTitle(
  { deps, turn, signal }: JobContext,
  scope: Scope,
  sessionId: string,
  said: { question: string; answer: string; model: string | null },
): Promise<string> {
  let text = ''
  const end = await deps.agent.ask(
    said.question,
    {
      schemaVersion: 1,
      purpose: 'title',
      runId: turn.id,
      sessionId,
      attempt: turn.attempt,
      scope,
      ...(said.model !== null && { model: said.model }),
      history: [{ role: 'assistant', content: said.answer }],
    },
    (event) => {
      if (event.kind === 'answer') text += event.delta
      return undefined
    },
    signal,
  )
  if (end.kind !== 'completed') throw new AppError('agent_failed', 'No title was made.')
  return text
}

/** The title of the first line and the tags of the second; undefined for no title. What a model writes is data. */
export function readTitle(text: string): { title: string; tags: string[] } | undefined {
  const [first = '', second = ''] = text.split('\n').filter((line) => line.trim() !== '')
  const title = [...first.replace(/^(title|标题)\s*[:：]\s*/iu, '').replace(/^["“”'*#\s]+|["“”'*\s]+$/gu, '')]
    .slice(0, MAX_TITLE_CHARS)
    .join('')
  if (title === '') return undefined
  const tags = second
    .replace(/^(tags?|标签)\s*[:：]\s*/iu, '')
    .split(/[,，、]/u)
    .flatMap((one) => tag.safeParse(one.replace(/^[#\s]+|[.\s]+$/gu, '')).data ?? [])
  return { title, tags: tags.slice(0, MAX_TAGS) }
}
