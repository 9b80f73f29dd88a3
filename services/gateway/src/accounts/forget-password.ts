import { hashSecret, newSecret } from '@askwire/auth'
import type { RequestFacts } from '@askwire/contracts'
import { RESET_LIFE_MS, startReset } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** Mails under way in one process; past it a request is let go, as if its address were unknown. */
const MAX_UNDER_WAY = 20
let underWay = 0

/**
 * Sends a link to a new password to whoever has this address. Resolves before anything is looked up, so neither the answer nor its time
 * tells whether anybody does. Throws `rate_limited`.
 */
export async function forgetPassword(context: GatewayContext, email: string, facts: RequestFacts): Promise<void> {
  await context.limits.attempt('forgot', { address: facts.address, account: email })
  if (underWay >= MAX_UNDER_WAY) {
    context.logger.warn('too many reset mails are under way: one was let go')
    return
  }
  underWay += 1
  sendLink(context, email, facts)
    .catch((error: unknown) => context.logger.error({ err: error }, 'a reset mail could not be sent'))
    .finally(() => {
      underWay -= 1
    })
}

async function sendLink(context: GatewayContext, email: string, facts: RequestFacts): Promise<void> {
  const secret = newSecret('')
  const person = await startReset(context.store, email, hashSecret(secret), facts)
  if (!person) return
  // After the hash: no server and no log on the way sees the secret.
  const link = `${context.publicUrl()}/reset-password#token=${secret}`
  await context.mailer.send({
    to: person.email,
    subject: 'Your new password for Askwire',
    // Not by name: who registered with somebody else's address would write into that person's mail.
    text: `Hello,

somebody, probably you, has asked for a new password for your account. Choose it here:

${link}

The link works once, for ${RESET_LIFE_MS / 60_000} minutes. If it was not you, there is nothing to do.
`,
  })
}
