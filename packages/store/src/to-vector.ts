/** pgvector's text form of a vector: `[0.1,0.2]`. */
export function toVector(values: readonly number[]): string {
  return `[${values.join(',')}]`
}
