import type { SessionView } from '@askwire/contracts'
import { createContext } from 'react'

/** What the person may do in the session on show: with `view` they read and follow it, and nothing is offered that changes it. */
export const AccessContext = createContext<SessionView['access']>('owner')
