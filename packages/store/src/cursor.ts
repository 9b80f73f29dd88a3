import { AppError } from '@askwire/contracts'

/** A place in a list ordered by (time, id): microseconds since 1970, as PostgreSQL keeps them, and the row's id. */
export type Cursor = { micros: string; id: string }

const SHAPE = /^(\d{1,17}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.micros}:${cursor.id}`).toString('base64url')
}

/** Throws `invalid_request` for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  const match = SHAPE.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match?.[1] || !match[2]) {
    throw new AppError('invalid_request', 'The cursor is not one of this list.', {
      details: [{ path: 'cursor', message: 'malformed' }],
    })
  }
  return { micros: match[1], id: match[2] }
}
