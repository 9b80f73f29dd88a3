import { createContext } from 'react'

/** True where something is drawn to be printed: in ink on white, whatever the page's theme is. */
export const OnPaper = createContext(false)
