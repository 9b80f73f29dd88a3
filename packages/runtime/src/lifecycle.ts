import type { Logger } from './logger.ts'
import { withTimeout } from './with-timeout.ts'

/** Something that holds resources: started in order, closed in reverse. */
export type Part = { name: string; start?: () => Promise<void>; close?: () => Promise<void>; closeTimeoutMs?: number }

const START_TIMEOUT_MS = 60_000
const CLOSE_TIMEOUT_MS = 10_000

/** Starts parts one after another. When one fails, those already started are closed and the error is thrown. */
export async function startParts(parts: readonly Part[], logger: Logger): Promise<{ close: () => Promise<void> }> {
  const started: Part[] = []
  const close = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await closePart(part, logger)
  }
  for (const part of parts) {
    try {
      started.push(part)
      if (part.start) await withTimeout(`starting ${part.name}`, START_TIMEOUT_MS, part.start)
    } catch (error) {
      await close()
      throw error
    }
  }
  return { close }
}

async function closePart(part: Part, logger: Logger): Promise<void> {
  if (!part.close) return
  try {
    await withTimeout(`closing ${part.name}`, part.closeTimeoutMs ?? CLOSE_TIMEOUT_MS, part.close)
  } catch (error) {
    logger.error({ err: error, part: part.name }, 'a part did not close cleanly')
  }
}

/**
 * Runs `close` once on SIGINT or SIGTERM and exits 0; a second signal exits 1 at once. `close` bounds its own steps.
 */
export function closeOnSignal(logger: Logger, close: () => Promise<void>): void {
  let closing = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      logger.info({ signal }, 'stopping')
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal({ err: error }, 'could not stop cleanly')
          process.exit(1)
        },
      )
    })
  }
}

/** Runs a service's `main`: prints malformed configuration as plain lines, anything else as a log, and exits 1. */
export async function runMain(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    const known = error instanceof Error && (error.name === 'ConfigError' || error.name === 'AppError')
    process.stderr.write(
      `${name}: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    process.exit(1)
  }
}
