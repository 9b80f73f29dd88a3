/** A browser reads the file after the click, and a busy one late: what is gone by then is never saved, and nobody is told. */
const KEPT_MS = 60_000

/** Hands a file to the browser to be kept under this name. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  followDownload(url, name)
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}

/** Has the browser fetch an address as a file; `name` where the address names none. */
export function followDownload(url: string, name = ''): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
