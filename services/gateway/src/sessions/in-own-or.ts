import { AppError, type Scope } from '@askwire/contracts'

/**
 * Does something in the caller's own scope and, when it is not found there, in the scope that `open` gives: that of a colleague whose session is open
 * to the caller. What is one's own, as nearly everything is, costs nothing more. `work` MUST have changed nothing when it throws `not_found`.
 */
export async function inOwnOr<T>(
  own: Scope,
  open: () => Promise<Scope>,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  try {
    return await work(own)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    const scope = await open()
    // Their own after all: what was not found is not the session.
    if (scope.userId === own.userId) throw error
    return await work(scope)
  }
}
