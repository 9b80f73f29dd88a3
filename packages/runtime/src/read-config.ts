import type { z } from 'zod'

/** Malformed configuration: one line per problem, all of them at once. */
export class ConfigError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(`Configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/**
 * Reads `env` through a schema whose keys are variable names. Empty strings count as absent, so that `NAME=` in an env
 * file means "not set". Throws `ConfigError` naming every problem; values never appear in it.
 */
export function readConfig<T extends z.ZodType>(schema: T, env: Record<string, string | undefined>): z.infer<T> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(present)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`),
  )
}

/**
 * Reads several schemas from one environment, each by itself, so that a problem in one does not hide those of another.
 * Gives the tuple of their values; throws one `ConfigError` with every problem.
 */
export function readConfigParts<T extends readonly z.ZodType[]>(
  schemas: readonly [...T],
  env: Record<string, string | undefined>,
): { [I in keyof T]: z.infer<T[I]> } {
  const problems = new Set<string>()
  const parts = schemas.map((schema) => {
    try {
      return readConfig(schema, env)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const problem of error.problems) problems.add(problem)
      return undefined
    }
  })
  if (problems.size > 0) throw new ConfigError([...problems])
  return parts as { [I in keyof T]: z.infer<T[I]> }
}
