import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Field names whose values never reach a log, at any of the first three levels of an object. */
const SECRET_FIELDS = [
  'password',
  'newPassword',
  'currentPassword',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'serviceToken',
  'invitation',
  'backupCodes',
  'apiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
]
const REDACTED = SECRET_FIELDS.flatMap((field) => ['', '*.', '*.*.'].map((prefix) => `${prefix}["${field}"]`))

/** What a secret of ours looks like wherever it stands: API and refresh tokens, signed tokens, the password of a URL. */
const SECRET_TEXT = /\b(?:sk|rt)-[\w-]{43}|\beyJ[\w-]{10,}\.[\w-]*\.[\w-]*|(?<=:\/\/[^\s:/@"]{0,100}:)[^\s@"/]+(?=@)/g

/** Structured JSON logs, one line each, to standard output unless `destination` is given. Secrets are cut by
 * field name and by their look, also out of messages and errors. */
export function createLogger(
  options: { name: string; level?: (typeof LOG_LEVELS)[number] },
  destination?: DestinationStream,
): Logger {
  const settings = {
    name: options.name,
    level: options.level ?? 'info',
    base: { service: options.name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED.map((path) => path.replace(/\.\[/, '[')), censor: '[redacted]' },
    hooks: { streamWrite: (line: string) => line.replace(SECRET_TEXT, '[redacted]') },
  }
  return destination ? pino(settings, destination) : pino(settings)
}
