import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Field names whose values never reach a log, at any of the first three levels of an object. */
const SECRET_FIELDS = ['password', 'secret', 'token', 'apiKey', 'authorization', 'cookie', 'set-cookie', 'x-api-key']
const REDACTED = SECRET_FIELDS.flatMap((field) => ['', '*.', '*.*.'].map((prefix) => `${prefix}["${field}"]`))

/** Structured JSON logs, one line each, to standard output unless `destination` is given. Secrets are cut by field name. */
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
  }
  return destination ? pino(settings, destination) : pino(settings)
}
