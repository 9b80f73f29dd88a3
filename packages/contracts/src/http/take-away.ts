import { z } from 'zod'

/**
 * Why something is not taken in or not carried away, as a code with an English sentence. The list is closed: clients have sentences of their own.
 * In braces stand parameters, which hold bounds, counts and names of fields, never what somebody wrote.
 */
export const REASONS = {
  too_many_messages: 'It has more than {max} messages.',
  message_too_long: 'One of its messages is longer than {max} characters.',
  conversation_too_long: 'It is longer than a conversation may be: {max} bytes.',
  no_messages: 'It has no messages.',
  no_id: 'It has no id.',
  same_id: 'Two of its messages have the same id.',
  circle: 'Its messages hang in a circle.',
  malformed_json: 'It is not well-formed JSON.',
  no_conversation: 'It is no conversation.',
  unknown_format: 'It is no conversation of a known format.',
  malformed_field: 'The field {field} is not as it should be.',
  malformed: 'It is not as its format has it.',
  cut_off: 'The file ends too early.',
  not_as_in_manifest: 'It is not what the manifest of the archive says.',
  damaged: 'It is damaged.',
  empty_file: 'The file is empty.',
  not_json: 'The file is not JSON.',
  no_archive: 'The file is no archive, or a damaged one.',
  damaged_archive: 'The archive is damaged.',
  encrypted_archive: 'The archive is encrypted.',
  too_many_entries: 'The archive has more than {max} entries.',
  unpacks_to_too_much: 'The archive would unpack to too much.',
  no_conversations: 'The file holds no conversations of a known format.',
  too_much_else: 'Too much in the file is no conversation.',
  unreadable: 'It could not be read.',
  larger_than_archive: 'It holds {bytes} bytes; an archive takes at most {max} of one session.',
  larger_than_import: 'It is whole, but larger than an import takes back.',
  fields_left_out: 'What does not fit the format was left out: {fields}.',
} as const

export type ReasonCode = keyof typeof REASONS
export const REASON_CODES = Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]]

const params = z.record(z.string(), z.union([z.string(), z.number()]))
export type ReasonParams = z.infer<typeof params>

/** A reason: `code` and `params` for a client's own sentence, `why` as an English one. */
export const reason = z.object({ code: z.enum(REASON_CODES), params, why: z.string() })
export type Reason = z.infer<typeof reason>

/** The reason of this code with its sentence. */
export function toReason(code: ReasonCode, given: ReasonParams = {}): Reason {
  const why = REASONS[code].replace(/\{(\w+)\}/g, (_all, name: string) => String(given[name] ?? '?'))
  return { code, params: given, why }
}

/** What an import has not taken, by its place in the file. */
export const importSkip = reason.extend({ what: z.string() })
export type ImportSkip = z.infer<typeof importSkip>

/** The report of an import. `skipped` names the first ones, `skippedCount` counts all. `folders`: made, with or without sessions. */
export const importReport = z.object({
  imported: z.int().nonnegative(),
  already: z.int().nonnegative(),
  folders: z.int().nonnegative(),
  skipped: z.array(importSkip),
  skippedCount: z.int().nonnegative(),
})
export type ImportReport = z.infer<typeof importReport>

/** A session that an archive does not hold (`left_out`), holds without some of its fields (`reduced`), or holds for reading only (`carried`). */
export const exportProblem = reason.extend({
  sessionId: z.string(),
  outcome: z.enum(['left_out', 'reduced', 'carried']),
})
export type ExportProblem = z.infer<typeof exportProblem>

/** The report of an export. `problems` names the first ones, `problemCount` counts all. */
export const exportReport = z.object({
  sessions: z.int().nonnegative(),
  messages: z.int().nonnegative(),
  folders: z.int().nonnegative(),
  documents: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  problems: z.array(exportProblem),
  problemCount: z.int().nonnegative(),
})
export type ExportReport = z.infer<typeof exportReport>
