/** Markdown's links and pictures, each part bounded so that no text takes long. */
const LINK = /!?\[([^[\]\n]{0,500})\]\(\s{0,10}<?([^()\s<>]{0,2000})>?(?:\s{1,10}"[^"\n]{0,300}")?\s{0,10}\)/g
/** An address as it is written in a text. */
const BARE = /\bhttps?:\/\/(?:\[[\da-f:.]{0,60}\])?[^\s<>()"'`\]]{0,2000}/gi
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi
/** Names and addresses that only this installation's own network reaches. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test)$/
const PRIVATE_ADDRESS =
  /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^\[/

/**
 * The text of a message as the viewers of a share get it: without ids, and without addresses that lead into this installation or the network around it.
 * A link that does becomes its own text; the markers of citations (`[1]`) stay what they are in the text. `ownHost` is where the page is reached.
 */
export function cleanForShare(content: string, ownHost: string): string {
  return content
    .replace(LINK, (whole, text: string, address: string) => (isPublic(address, ownHost) ? whole : text))
    .replace(BARE, (address) => (isPublic(address, ownHost) ? address : '(internal address)'))
    .replace(UUID, '(id)')
}

/** True for an absolute address on another site, which anybody can reach. */
function isPublic(address: string, ownHost: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, username } = new URL(address)
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '') return false
  // The dot that may end a name changes nothing of where it leads.
  const name = hostname.replace(/\.$/, '')
  if (name === ownHost.replace(/:\d+$/, '') || PRIVATE_ADDRESS.test(name) || PRIVATE_NAME.test(name)) return false
  // A name without a dot is known in one network only.
  return name.includes('.')
}
