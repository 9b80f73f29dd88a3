import { line } from '@askwire/contracts'
import { z } from 'zod'
import { MAX_ARCHIVE_TAGS, MAX_TAG_CHARS, MAX_TITLE_CHARS } from '../limits.ts'

/** Text that may be absent. */
export const text = z.string().nullish()
export const id = z.string().min(1).max(200)
/** Seconds since 1970, an ISO time, or nothing. */
export const time = z.union([z.number(), z.string()]).nullish()

const EARLIEST = Date.UTC(1990, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** A time of any of the formats; null for none, or for one that cannot be. Numbers above 10^11 are milliseconds. */
export function toDate(value: z.infer<typeof time>): Date | null {
  if (value === null || value === undefined || value === '') return null
  const ms = typeof value === 'string' ? Date.parse(value) : value > 1e11 ? value : value * 1000
  return Number.isFinite(ms) && ms > EARLIEST && ms < LATEST ? new Date(ms) : null
}

/** A title as a session has it: one line, not too long, null for none. */
export function toTitle(title: string | null | undefined): string | null {
  const line = (title ?? '').replace(/\s+/gu, ' ').trim().slice(0, MAX_TITLE_CHARS).toWellFormed()
  return line === '' ? null : line
}

/** A line of our own as it was; one that could not be written here is made one that could. */
export function toLine(text: string | null, max: number): string | null {
  return line(max).safeParse(text).data === text ? text : (toTitle(text)?.slice(0, max).toWellFormed() ?? null)
}

const toTag = (named: string): string | null =>
  named.replace(/\s+/gu, ' ').trim().slice(0, MAX_TAG_CHARS).toWellFormed() || null

/** Tags as a session has them: short lines, each once whatever its case. */
export function toTags(tags: readonly unknown[] | null | undefined, toOne = toTag): string[] {
  const byKey = new Map<string, string>()
  for (const one of tags ?? []) {
    const named = typeof one === 'string' ? one : (one as { name?: unknown } | null)?.name
    if (typeof named !== 'string') continue
    const tag = toOne(named)
    if (tag !== null && !byKey.has(tag.toLowerCase())) byKey.set(tag.toLowerCase(), tag)
  }
  return [...byKey.values()].slice(0, MAX_ARCHIVE_TAGS)
}

/** The name of a model, or null. */
export const toModel = (model: unknown): string | null =>
  typeof model === 'string' && model !== '' ? model.slice(0, 200) : null
