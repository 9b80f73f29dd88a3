/** The vector at length 1. One without any direction becomes the first axis: a zero vector has no cosine. */
export function toUnitVector(vector: readonly number[]): number[] {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  if (length > 0) return vector.map((value) => value / length)
  return vector.map((_, i) => (i === 0 ? 1 : 0))
}
