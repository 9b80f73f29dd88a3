import { ServersUnavailable } from '../packages/testing/src/servers/driver.ts'
import { installPackages, onPath } from '../packages/testing/src/servers/native/packages.ts'

// Makes sure that there is a Chromium for the browser tests. Exit code 3: it cannot be had here.
const log = (line: string): void => console.error(`chromium: ${line}`)
try {
  // With a font for Chinese: the page is tested in both of its languages.
  if (!onPath('chromium')) await installPackages(['chromium', 'fonts-wqy-zenhei'], log)
} catch (error) {
  if (!(error instanceof ServersUnavailable)) throw error
  log(`unavailable: ${error.message}`)
  process.exitCode = 3
}
