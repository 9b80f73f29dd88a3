/** `0.8 s`, `12 s`, `2 min 5 s`; below a tenth of a second in milliseconds. */
export function formatDuration(ms: number, language: string): string {
  const number = (value: number, unit: string, digits = 0): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value)
  if (ms < 100) return number(Math.round(ms), 'millisecond')
  if (ms < 10_000) return number(ms / 1000, 'second', 1)
  if (ms < 60_000) return number(Math.round(ms / 1000), 'second')
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.round((ms % 60_000) / 1000)
  return `${number(minutes, 'minute')} ${number(seconds, 'second')}`
}
