/** Leaves the page for a web address. Throws for anything else: an address may be of a kind that runs a script. */
export function leaveFor(url: string): void {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('this is no web address')
  location.assign(url)
}
