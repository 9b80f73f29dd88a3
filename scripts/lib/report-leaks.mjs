// Loaded into Jest: on SIGUSR2 it says what keeps the process from ending.
process.on('SIGUSR2', () => {
  const counts = new Map()
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  const list = [...counts].map(([name, count]) => `${count} × ${name}`).join(', ')
  console.error(`still open after the last test: ${list || 'nothing that Node knows of'}`)
})
