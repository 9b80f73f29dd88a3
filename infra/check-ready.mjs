// Asked by a container's health check: exit code 0 when the process beside it is ready.
const port = process.env.ASKWIRE_PORT ?? '8787'
const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) }).catch(
  () => undefined,
)
process.exit(response?.ok ? 0 : 1)
