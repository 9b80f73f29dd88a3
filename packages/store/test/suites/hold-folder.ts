import { acceptQuestion, ensureBuiltInOwner, migrate, openStore } from '@askwire/store'

// A process that opens the folder named by its argument, accepts a question, prints the run's id and stays until it is
// killed.
const store = await openStore({ dataDir: process.argv[2] ?? '' })
await migrate(store)
const scope = await ensureBuiltInOwner(store)
const accepted = await acceptQuestion(store, scope, { message: 'still here?', onBusy: 'enqueue', deadlineMs: 60_000 })
if (accepted.kind === 'accepted') process.stdout.write(`${accepted.run.id}\n`)
setInterval(() => {}, 60_000)
