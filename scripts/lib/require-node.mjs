// Imported first, and written so that Node 14 can read it: an old Node gets one clear line and no stack trace.
const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(`askwire: needs Node 20 or newer, this is ${process.version} (${process.execPath})`)
  process.exit(1)
}
