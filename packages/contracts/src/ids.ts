import { randomUUIDv7 } from 'node:crypto'
import { z } from 'zod'

/** A new UUIDv7 (RFC 9562 §5.7), 36 lower-case characters; ids sort by the millisecond they were made in. */
export function newId(): string {
  return randomUUIDv7()
}

/** Any UUID, lower-cased, so that one resource has one spelling in routing keys and log keys. */
export const uuid = z.uuid().toLowerCase()
