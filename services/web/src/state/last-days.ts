const DAY_MS = 86_400_000

/** The last `count` UTC days as `2026-03-02`, oldest first; `now` is milliseconds since 1970. */
export const lastDays = (count: number, now: number): string[] =>
  Array.from({ length: count }, (_, index) => new Date(now - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10))
