import { AppError, type EncodedEvent, isAnswerEventName } from '@askwire/contracts'

/**
 * An event as the value of its stream entry: its frame without what the entry's id already says, so `message\ndata: {…}\n\n`.
 * Lossless, and neither side parses JSON. Throws `internal` when the frame does not begin with its own id.
 */
export function toStored(event: EncodedEvent): string {
  const head = frameHead(event.id)
  if (!event.frame.startsWith(head)) throw new AppError('internal', 'An event must carry its own id in its frame.')
  return event.frame.slice(head.length)
}

/** The event in a stream entry, or `undefined` when its name is none this version knows. */
export function fromStored(id: string, stored: string): EncodedEvent | undefined {
  const event = stored.slice(0, Math.max(0, stored.indexOf('\n')))
  return isAnswerEventName(event) ? { id, event, frame: frameHead(id) + stored } : undefined
}

function frameHead(id: string): string {
  return `id: ${id}\nevent: `
}
