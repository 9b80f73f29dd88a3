import { withTimeout } from './with-timeout.ts'

/** A dependency's state as `/health/ready` shows it. `detail` is for operators and holds no secret. */
export type DependencyState = { name: string; ok: boolean; latencyMs: number; detail?: string; required: boolean }
/** `check` resolves when the dependency answers and rejects when not. A failing dependency that is not `required` leaves the process ready. */
export type HealthCheck = { name: string; required: boolean; check: () => Promise<void> }

const CHECK_TIMEOUT_MS = 2000

/** Asks every dependency at the same time, each at most 2 s. */
export async function checkHealth(
  checks: readonly HealthCheck[],
): Promise<{ ok: boolean; dependencies: DependencyState[] }> {
  const dependencies = await Promise.all(checks.map(checkOne))
  return { ok: dependencies.every((state) => state.ok || !state.required), dependencies }
}

async function checkOne({ name, required, check }: HealthCheck): Promise<DependencyState> {
  const startedAt = performance.now()
  const elapsed = (): number => Math.round((performance.now() - startedAt) * 10) / 10
  try {
    await withTimeout(`checking ${name}`, CHECK_TIMEOUT_MS, check)
    return { name, required, ok: true, latencyMs: elapsed() }
  } catch (error) {
    const detail = error instanceof Error ? error.name : 'unknown'
    return { name, required, ok: false, latencyMs: elapsed(), detail }
  }
}
