const MAX_LENGTH = 60

/** A title as the name of a file, without its ending: what no system lets a name hold becomes a space. */
export function fileNameOf(title: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names of files must not hold them
  const plain = (title ?? '').replace(/[\u0000-\u001f\u007f\\/:*?"<>|\p{Cf}]+/gu, ' ')
  const words = [...plain.replace(/\s+/g, ' ').trim()].slice(0, MAX_LENGTH).join('')
  // Neither hidden nor a device of an old system.
  const name = words.replace(/^[.\s-]+|[.\s]+$/g, '')
  return name === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? 'askwire' : name
}
