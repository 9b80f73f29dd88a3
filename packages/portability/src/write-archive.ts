import { ARCHIVE_VERSION, type ArchiveManifest, type AskwireSession } from './askwire-session.ts'
import { toMarkdown } from './render/to-markdown.ts'
import { createZipWriter } from './zip/zip-writer.ts'

/**
 * An archive of sessions as a stream of bytes: `sessions/<id>.json` and `.md` of each and, last, `manifest.json` with the SHA-256 of every entry.
 * `onSession` is called after each.
 */
export async function* writeArchive(
  sessions: AsyncIterable<AskwireSession>,
  options: { createdAt: Date; onSession?: (counts: { sessions: number; messages: number }) => Promise<void> },
): AsyncGenerator<Buffer, ArchiveManifest> {
  const zip = createZipWriter()
  const manifest: ArchiveManifest = {
    askwire: ARCHIVE_VERSION,
    createdAt: options.createdAt.toISOString(),
    sessions: 0,
    messages: 0,
    entries: {},
  }
  const fill = async (): Promise<void> => {
    for await (const session of sessions) {
      const files = { json: JSON.stringify(session, null, 1), md: toMarkdown(session) }
      for (const [kind, text] of Object.entries(files)) {
        const name = `sessions/${session.id}.${kind}`
        manifest.entries[name] = await zip.add(name, text)
      }
      manifest.sessions += 1
      manifest.messages += session.messages.length
      await options.onSession?.({ sessions: manifest.sessions, messages: manifest.messages })
    }
    await zip.add('manifest.json', JSON.stringify(manifest, null, 1))
    zip.end()
  }
  let failure: { error: unknown } | undefined
  const output = zip.output as AsyncIterable<Buffer> & { destroy(error?: Error): void }
  const filled = fill().catch((error: unknown) => {
    failure = { error }
    output.destroy(new Error('the archive could not be filled'))
  })
  try {
    for await (const chunk of output) yield chunk
  } catch (error) {
    throw failure ? failure.error : error
  }
  await filled
  return manifest
}
