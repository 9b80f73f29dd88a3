/** What the routes of a tag are about. */
const ABOUT: Record<string, string> = {
  account: 'My account: who I am, password, second factor, sign-in by a provider.',
  activities: 'What was done, by whom and from where.',
  auth: 'Signing up, signing in and out.',
  chat: 'Asking a question.',
  docs: 'This document, and a page to read it in.',
  folders: 'Folders and tags that order one’s own sessions.',
  groups: 'Groups of people; each gives its role to its members.',
  health: 'For orchestrators and monitoring.',
  invitations: 'Links by which somebody joins.',
  jobs: 'What is done in the background: exports, imports, erasures.',
  knowledge: 'What answers are drawn from.',
  operations: 'For operators of the installation.',
  roles: 'Sets of permissions.',
  runs: 'The work of answering one question.',
  search: 'Full text search over one’s own questions, answers and titles.',
  sessions: 'Conversations and their event streams.',
  shares: 'Snapshots of sessions that anybody with their key can read.',
  tenants: 'The tenants of the installation.',
  tokens: 'API tokens.',
  users: 'The people of a tenant.',
}

/** The tags of these routes with what they are about. */
export function tagsOf(specs: readonly { tag: string }[]): { name: string; description: string }[] {
  return [...new Set(specs.map((spec) => spec.tag))].sort().map((name) => ({ name, description: ABOUT[name] ?? name }))
}
