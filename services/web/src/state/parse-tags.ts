/** The tags in what was typed, between commas of either script: each once, whatever its case. */
export function parseTags(text: string): string[] {
  const typed = text.split(/[,，、]/).map((tag) => tag.trim().replace(/\s+/g, ' '))
  const byKey = new Map<string, string>()
  for (const tag of typed) if (tag !== '' && !byKey.has(tag.toLowerCase())) byKey.set(tag.toLowerCase(), tag)
  return [...byKey.values()]
}
