import { hash } from 'node:crypto'

/** Embeddings of the request's input: deterministic, different texts apart; not of unit length, as many servers' are not. */
export function embeddingsBody(body: Readonly<Record<string, unknown>>, dimensions: number): Record<string, unknown> {
  const inputs = Array.isArray(body.input) ? body.input.map(String) : [String(body.input)]
  const length = typeof body.dimensions === 'number' ? body.dimensions : dimensions
  const encode = (vector: number[]): unknown =>
    body.encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector
  return {
    object: 'list',
    model: body.model,
    data: inputs.map((text, index) => ({ object: 'embedding', index, embedding: encode(vectorOf(text, length)) })),
    usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
  }
}

/** A small generator seeded by the text's digest. */
function vectorOf(text: string, dimensions: number): number[] {
  let state = Number.parseInt(hash('sha256', text).slice(0, 8), 16) | 1
  return Array.from({ length: dimensions }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return (state | 0) / 2 ** 30
  })
}
