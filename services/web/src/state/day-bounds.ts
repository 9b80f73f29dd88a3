const DAY = /^\d{4}-\d{2}-\d{2}$/

/** True for a day as a field for dates writes it: `2026-03-02`. */
export const isDay = (text: unknown): text is string =>
  typeof text === 'string' && DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00`))

/** The times from the beginning of one day here to the end of another, as the gateway takes them; what is no day bounds nothing. */
export function dayBounds(days: { from?: string | undefined; to?: string | undefined }): {
  from?: string
  to?: string
} {
  return {
    ...(isDay(days.from) && { from: startOf(days.from, 0) }),
    ...(isDay(days.to) && { to: startOf(days.to, 1) }),
  }
}

/** A day is not always 24 hours long. */
function startOf(day: string, later: number): string {
  const start = new Date(`${day}T00:00:00`)
  start.setDate(start.getDate() + later)
  return start.toISOString()
}
