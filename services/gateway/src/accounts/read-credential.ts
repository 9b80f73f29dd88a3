import { isApiToken } from '@askwire/auth'
import { AppError } from '@askwire/contracts'
import type { FastifyRequest } from 'fastify'
import { ACCESS_COOKIE, cookieValues } from './cookies.ts'

/** What somebody shows to say who they are. */
export type Credential = { kind: 'access' | 'api'; text: string; byCookie: boolean }

/** Why a credential was refused: a fixed word for logs and metrics. */
export type Refusal = 'none' | 'query' | 'malformed' | 'ambiguous' | 'invalid' | 'service_token' | 'address'

/** The one answer to whoever is not known, whatever is wrong. */
export class Refused extends AppError {
  readonly reason: Refusal
  constructor(reason: Refusal) {
    super('unauthenticated', 'Sign in, or show a valid token.')
    this.reason = reason
  }
}

const QUERY_NAMES =
  /^(access_?token|refresh_?token|id_?token|token|jwt|bearer|auth|authorization|api_?key|x-api-key|key|secret|password)$/i
/** By their whole form: people search for words that begin like a token, too. */
const QUERY_VALUES = /^((sk|rt)-[\w-]{20,}|eyJ[\w-]+\.[\w.-]*|bearer +[\w.-]{16,})/i

/**
 * The credential of a request: `Authorization: Bearer`, `x-api-key` or the access cookie. Undefined when there is none. Throws for two that
 * differ, one of a wrong form, and anything like a token in the address, which ends in logs and histories.
 */
export function readCredential(request: FastifyRequest): Credential | undefined {
  if (hasTokenInQuery(request.query)) throw new Refused('query')
  const { authorization, 'x-api-key': apiKey } = request.headers
  const shown: Credential[] = []
  if (authorization !== undefined) {
    const text = /^bearer +([^\s,]+) *$/i.exec(authorization)?.[1]
    if (text === undefined) throw new Refused('malformed')
    shown.push({ kind: text.startsWith('sk-') ? 'api' : 'access', text, byCookie: false })
  }
  if (apiKey !== undefined) {
    if (typeof apiKey !== 'string') throw new Refused('malformed')
    shown.push({ kind: 'api', text: apiKey, byCookie: false })
  }
  for (const text of cookieValues(request, ACCESS_COOKIE)) shown.push({ kind: 'access', text, byCookie: true })
  const [first] = shown
  if (shown.some(({ text }) => text !== first?.text)) throw new Refused('ambiguous')
  if (first?.kind === 'api' && !isApiToken(first.text)) throw new Refused('malformed')
  return first
}

function hasTokenInQuery(query: unknown): boolean {
  if (typeof query !== 'object' || query === null) return false
  return Object.entries(query).some(
    ([name, value]) =>
      QUERY_NAMES.test(name) || [value].flat().some((one) => typeof one === 'string' && QUERY_VALUES.test(one)),
  )
}
