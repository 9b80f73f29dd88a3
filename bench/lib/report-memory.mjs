// Loaded into a server whose memory is measured (with --expose-gc): on a message, what is held after a full collection.
process.on('message', (message) => {
  if (message !== 'memory') return
  globalThis.gc()
  setTimeout(() => {
    globalThis.gc()
    const { heapUsed, external, rss } = process.memoryUsage()
    process.send({ heapBytes: heapUsed + external, rssBytes: rss })
  }, 500)
})
process.channel?.unref()
