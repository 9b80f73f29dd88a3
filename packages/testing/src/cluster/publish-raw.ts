import { connect } from 'amqplib'

/** Puts a message into an exchange past all of Askwire's own care: a doubled, foreign or broken one. Resolves when the broker has it. */
export async function publishRaw(
  url: string,
  message: { exchange: string; routingKey: string; body: string; messageId?: string },
): Promise<void> {
  const connection = await connect(url)
  connection.on('error', () => {})
  try {
    const channel = await connection.createConfirmChannel()
    const options = message.messageId === undefined ? {} : { messageId: message.messageId }
    channel.publish(message.exchange, message.routingKey, Buffer.from(message.body), options)
    await channel.waitForConfirms()
  } finally {
    await connection.close()
  }
}
