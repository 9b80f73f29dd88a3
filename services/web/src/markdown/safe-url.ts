const ALLOWED = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address a link in an answer may lead to, normalised; `undefined` for all but absolute http, https and mailto. Addresses
 * relative to the page are refused: a model's text must not lead into the application.
 */
export function safeUrl(href: string | undefined): string | undefined {
  const url = URL.parse(href ?? '')
  return url && ALLOWED.has(url.protocol) ? url.href : undefined
}

/** What to show of an address beside a link's text, so that where it leads is seen before it is followed. */
export function visibleTarget(href: string): string {
  const url = new URL(href)
  return url.protocol === 'mailto:' ? url.pathname : url.host
}
