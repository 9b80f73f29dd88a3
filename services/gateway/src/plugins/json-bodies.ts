import { AppError } from '@askwire/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** No body of the API goes deeper than a few levels; what goes on and on is made to exhaust a stack. */
const MAX_DEPTH = 32

/** JSON is the only type of body. Compressed ones, deep ones, and ones that name a prototype are refused. */
export const jsonBodies = fp(
  async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    const parse = app.getDefaultJsonParser('error', 'error')
    app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
      const encoding = request.headers['content-encoding']
      if (encoding !== undefined && encoding !== 'identity') {
        done(new AppError('unsupported_media_type', 'Send the body without compression.'))
      } else if (text === '') {
        // Clients say this type with every POST and DELETE. Where a body is needed, its absence is refused as such.
        done(null, undefined)
      } else if (depthOf(text) > MAX_DEPTH) {
        done(new AppError('invalid_request', 'The request body is nested too deeply.'))
      } else {
        void parse(request, text, done)
      }
    })
  },
  { name: 'json-bodies' },
)

/** Deepest nesting of brackets outside strings. */
export function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at)
    if (inString) {
      if (char === BACKSLASH) at += 1
      else if (char === QUOTE) inString = false
    } else if (char === QUOTE) inString = true
    else if (char === OPEN_BRACKET || char === OPEN_BRACE) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (char === CLOSE_BRACKET || char === CLOSE_BRACE) depth -= 1
  }
  return deepest
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
