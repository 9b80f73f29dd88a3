import { ARCHIVE_VERSION, type AskwireSession, askwireSession } from './askwire-session.ts'

/** A stored session as archives and pages have it. Throws when it does not fit the format. */
export function toAskwireSession(session: object): AskwireSession {
  return askwireSession.parse({ ...session, askwire: ARCHIVE_VERSION })
}
