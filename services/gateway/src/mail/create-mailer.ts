import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { newId } from '@askwire/contracts'
import type { Logger } from '@askwire/runtime'
import { createTransport } from 'nodemailer'
import type { GatewayConfig, GatewaySecrets } from '../config.ts'
import type { Mailer } from './mailer.ts'

const SMTP_TIMEOUT_MS = 10_000

/** Sends by SMTP where there is a server, else writes each mail into the outbox folder, whose path is logged, for an operator to hand on. */
export function createMailer(config: GatewayConfig, secrets: GatewaySecrets, logger: Logger): Mailer {
  const from = config.ASKWIRE_MAIL_FROM
  return secrets.ASKWIRE_SMTP_URL === undefined
    ? outbox(resolve(config.ASKWIRE_MAIL_OUTBOX), from, logger)
    : smtp(secrets.ASKWIRE_SMTP_URL, from)
}

function smtp(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    // Neither files nor addresses: a mail is what we wrote.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { send: async (mail) => void (await transport.sendMail({ from, ...mail })) }
}

function outbox(folder: string, from: string, logger: Logger): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    send: async (mail) => {
      const { message } = await transport.sendMail({ from, ...mail })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, `${newId()}.eml`)
      await writeFile(file, message, { mode: 0o600, flag: 'wx' })
      logger.warn({ file }, 'there is no SMTP server: a mail was written to the outbox')
    },
  }
}
