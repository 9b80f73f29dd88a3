/** A letter to one person, as plain text. */
export type Mail = { to: string; subject: string; text: string }

/** Sends mail. `send` rejects when the mail could not be handed on, after a bounded time. */
export type Mailer = { send(mail: Mail): Promise<void> }
