import { hashSecret, newSecret } from '@askwire/auth'
import type { Administrator, CreateInvitationRequest, InvitationView } from '@askwire/contracts'
import { createInvitation } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/**
 * Makes an invitation and mails its link when it has an address. A mail that cannot be sent is logged, no more: the link is in the
 * answer, once. Throws what `createInvitation` does.
 */
export async function invitePerson(
  context: GatewayContext,
  by: Administrator,
  request: CreateInvitationRequest,
): Promise<InvitationView & { url: string }> {
  const secret = newSecret('')
  const invitation = await createInvitation(context.store, by, { ...request, hash: hashSecret(secret) })
  // After the hash: no server and no log on the way sees the secret.
  const url = `${context.publicUrl()}/register#invitation=${secret}`
  if (invitation.email !== null) {
    void context.mailer
      .send({ to: invitation.email, subject: 'You are invited to Askwire', text: textOf(url, invitation.expiresAt) })
      .catch((error: unknown) =>
        context.logger.error({ err: error, invitationId: invitation.id }, 'an invitation could not be mailed'),
      )
  }
  return { ...invitation, url }
}

function textOf(url: string, expiresAt: string): string {
  return `Hello,

you are invited to Askwire. Make your account here:

${url}

The link works once, until ${expiresAt.slice(0, 10)} (UTC). If you do not know what this is about, there is nothing to do.
`
}
