import { existsSync } from 'node:fs'
import { ServersUnavailable } from '../packages/testing/src/servers/driver.ts'
import { installPackages, onPath } from '../packages/testing/src/servers/native/packages.ts'

// Makes sure that there is a Chromium for the browser tests, and a font for Chinese: the page is tested in both of its
// languages. Exit code 3: no Chromium to be had here.
const missing = [
  ...(onPath('chromium') ? [] : ['chromium']),
  ...(existsSync('/usr/share/fonts/truetype/wqy') ? [] : ['fonts-wqy-zenhei']),
]
const log = (line: string): void => console.error(`chromium: ${line}`)
try {
  if (missing.length > 0) await installPackages(missing, log)
} catch (error) {
  if (!(error instanceof ServersUnavailable)) throw error
  log(`unavailable: ${error.message}`)
  // A missing font alters how the page looks and nothing that is asserted.
  if (missing.includes('chromium')) process.exitCode = 3
}
