/** Whose data a call may touch. Every store function that reads or writes user data takes it first. */
export type Scope = { readonly tenantId: string; readonly userId: string }

/**
 * How far an administrative call reaches beyond its own user: the whole tenant, or the whole installation. The database's row
 * policies hold it, so it is set by the gateway from permissions and never from input.
 */
export type Reach = Scope & { readonly reach: 'tenant' | 'installation' }

/** Where a request came from; written into the activity it causes. `address` and `agent` are as the gateway saw them. */
export type RequestFacts = { readonly requestId: string; readonly address: string; readonly agent: string }

/** Who does something and from where: what every change to an account, a role, a token or a session is recorded with. */
export type Actor = Scope & RequestFacts

/** Whoever administers: how far they reach, and from where they do it. */
export type Administrator = Reach & RequestFacts
