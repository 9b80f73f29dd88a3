let turn: Promise<void> | undefined

/** Resolves in the next turn of the event loop; one timer for all who wait for the same turn. */
export function nextTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined
      resolve()
    })
  })
  return turn
}
