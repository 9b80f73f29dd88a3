/** Hands a file to the browser to be kept under this name. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  followDownload(url, name)
  URL.revokeObjectURL(url)
}

/** Has the browser fetch an address as a file; `name` where the address names none. */
export function followDownload(url: string, name = ''): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
