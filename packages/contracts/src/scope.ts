/** Whose data a call may touch. Every store function that reads or writes user data takes it first. */
export type Scope = { readonly tenantId: string; readonly userId: string }
