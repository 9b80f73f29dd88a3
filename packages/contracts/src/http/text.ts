import { z } from 'zod'

/** A line a person typed: trimmed, well-formed, without control characters. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
    .refine((text) => !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text), 'must not contain control characters')

/** A mail address, lower-cased: the name of an account. */
export const email = z.email().max(254).toLowerCase()

export const MIN_PASSWORD_LENGTH = 10
export const MAX_PASSWORD_LENGTH = 200

/** A new password: 10 to 200 characters, as they were typed. */
export const newPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH)
  .max(MAX_PASSWORD_LENGTH)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .refine((text) => text.trim().length > 0 && !text.includes('\u0000'), 'must not be blank')

/** A password to be checked: anything that could be one. */
export const password = z.string().min(1).max(MAX_PASSWORD_LENGTH)

/** A code of an authenticator (six digits) or a backup code. */
export const factorCode = z.string().trim().min(6).max(20)

/** A secret of a link or a token, as it was handed out. */
export const handedSecret = z.string().regex(/^[\w-]{20,200}$/)

/** An address on this site: a path of the page, never of another site and never of the API. */
export const sitePath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[!-[\]-~]*$/, 'must be a path of this site')
  .refine((path) => !/^\/api(\/|\?|#|$)/i.test(path), 'must be a page')
