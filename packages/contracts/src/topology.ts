/**
 * The broker's topology as data: declared in full at every connect, by every process, so that a broker that forgot is
 * whole again. Names are what an operator reads in the management page.
 */
export type ExchangeSpec = { readonly name: string; readonly type: 'direct' | 'topic' }
export type QueueSpec = {
  readonly name: string
  /** Bound to this exchange with its own name as routing key. */
  readonly exchange: string
  /** Deliveries before the broker itself gives up; our own count of attempts (3) is reached long before. */
  readonly deliveryLimit: number
  /** Publishes beyond this many ready messages are refused (`broker_rejected`), never dropped. */
  readonly maxLength?: number
  /** Where dead letters go. */
  readonly deadLetter?: { readonly exchange: string; readonly routingKey: string }
}

export const EXCHANGES = {
  questions: 'questions',
  questionsDead: 'questions.dead',
  jobs: 'jobs',
  answers: 'answers',
  control: 'control',
} as const

export const QUEUES = { questions: 'question_queue', questionsDead: 'question_dead_queue' } as const

/** Kinds of background work; each has its own queue `job_queue.<kind>`. */
export const JOB_KINDS = ['ingest', 'export', 'import', 'erase', 'title'] as const
export type JobKind = (typeof JOB_KINDS)[number]
/** `ingest` → `job_queue.ingest`. */
export const jobQueue = (kind: JobKind): string => `job_queue.${kind}`
/** The answer queue of one gateway replica. */
export const answerQueue = (gatewayId: string): string => `answer_queue.${gatewayId}`
/** The control queue of one worker or gateway. */
export const controlQueue = (processId: string): string => `control_queue.${processId}`
/** Routing keys of control messages. */
export const CANCEL_KEY = 'run.cancel'
export const PRINCIPAL_KEY = 'principal.changed'
export const SESSION_KEY = 'session.closed'

export const DELIVERY_LIMIT = 20
/** A dead letter that comes back too often would be gone: it waits for the database through any number of restarts. */
export const DEAD_LETTER_DELIVERY_LIMIT = 10_000
export const DEFAULT_QUESTION_QUEUE_LENGTH = 100_000

export type Topology = { readonly exchanges: readonly ExchangeSpec[]; readonly queues: readonly QueueSpec[] }

/** The durable part of the topology; answer and control queues belong to one process and are declared by it. */
export function topology(options: { questionQueueLength?: number } = {}): Topology {
  return {
    exchanges: [
      { name: EXCHANGES.questions, type: 'direct' },
      { name: EXCHANGES.questionsDead, type: 'direct' },
      { name: EXCHANGES.jobs, type: 'direct' },
      { name: EXCHANGES.answers, type: 'direct' },
      { name: EXCHANGES.control, type: 'topic' },
    ],
    queues: [
      {
        name: QUEUES.questions,
        exchange: EXCHANGES.questions,
        deliveryLimit: DELIVERY_LIMIT,
        maxLength: options.questionQueueLength ?? DEFAULT_QUESTION_QUEUE_LENGTH,
        deadLetter: { exchange: EXCHANGES.questionsDead, routingKey: QUEUES.questionsDead },
      },
      { name: QUEUES.questionsDead, exchange: EXCHANGES.questionsDead, deliveryLimit: DEAD_LETTER_DELIVERY_LIMIT },
      ...JOB_KINDS.map((kind) => ({
        name: jobQueue(kind),
        exchange: EXCHANGES.jobs,
        deliveryLimit: DELIVERY_LIMIT,
      })),
    ],
  }
}
