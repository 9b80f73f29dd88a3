import { z } from 'zod'

/** The header that makes a request that is sent again the same request. */
export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .meta({ description: 'Same key and caller: same result.' }),
})
