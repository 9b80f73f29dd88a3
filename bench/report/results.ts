import type { AnswersRow } from '../parts/answers.ts'
import type { FollowerRow } from '../parts/idle-followers.ts'
import type { ScalingRow } from '../parts/scaling.ts'

/** Everything one run measured; what was not asked for is absent. */
export type Results = {
  startedAt: string
  node: string
  cores: number
  cpu: string
  quick: boolean
  /** False when the run was broken off. */
  complete: boolean
  paced?: AnswersRow[]
  flood?: AnswersRow[]
  short?: AnswersRow[]
  length?: AnswersRow[]
  followers?: FollowerRow[]
  scaling?: ScalingRow[]
}
