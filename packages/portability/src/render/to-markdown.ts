import type { AskwireMessage, AskwireSession } from '../askwire-session.ts'
import { branchesOf } from './branches.ts'

/** A session as Markdown: the open branch, then the others. */
export function toMarkdown(session: AskwireSession): string {
  const lines = [`# ${oneLine(session.title ?? 'Untitled')}`, '']
  lines.push(`${session.createdAt}${session.tags.length > 0 ? ` · ${session.tags.map(oneLine).join(', ')}` : ''}`, '')
  for (const [at, branch] of branchesOf(session).entries()) {
    if (at > 0) lines.push('---', '', `_Another branch (${at})_`, '')
    for (const message of branch.messages) lines.push(heading(message), '', message.content, '', ...sourcesOf(message))
  }
  return lines.join('\n')
}

function heading({ role, model, partial }: AskwireMessage): string {
  const notes = [...(model === null ? [] : [oneLine(model)]), ...(partial ? ['stopped early'] : [])]
  return `## ${role === 'user' ? 'Question' : 'Answer'}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}

function sourcesOf({ resources }: AskwireMessage): string[] {
  if (resources.length === 0) return []
  return [...resources.map((source) => `[${source.n}]: ${oneLine(source.documentName)}`), '']
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ')
