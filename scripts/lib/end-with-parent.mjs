// Loaded into every Node that our scripts start: when the script is gone, however it went, this process is asked to stop.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
