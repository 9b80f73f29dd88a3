import {
  CheckCircleFilled,
  CloseCircleFilled,
  LoadingOutlined,
  MinusCircleOutlined,
  RightOutlined,
} from '@ant-design/icons'
import { ThoughtChain } from '@ant-design/x'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../format.ts'
import { hasEnded, type LiveRun, type Step } from '../state/session-state.ts'

/** The nodes of an answer's graph in one line, which opens to a list with their times and results. */
export function StepsRow({ run }: { run: LiveRun }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const listId = useId()
  if (run.steps.length === 0) return null
  const stopped = run.status === 'cancelled'
  const title = ({ node, title: given }: Step): string => (i18n.exists(`steps.${node}`) ? t(`steps.${node}`) : given)
  return (
    <div className="steps">
      <button
        type="button"
        className="steps-toggle"
        aria-expanded={open}
        aria-controls={listId}
        title={t('steps.toggle')}
        onClick={() => setOpen(!open)}
      >
        <RightOutlined aria-hidden rotate={open ? 90 : 0} />
        <span className="visually-hidden">{t('steps.label')}: </span>
        <span className="steps-line">
          {run.steps.map((step, index) => (
            <span key={index} className={`step ${step.status}`}>
              <StepIcon step={step} stopped={stopped} /> {title(step)}
              <span className="visually-hidden"> ({t(`steps.${step.status}`)})</span>
            </span>
          ))}
        </span>
        {hasEnded(run) && run.timings?.totalMs != null && (
          <span className="steps-time">{formatDuration(run.timings.totalMs, i18n.language)}</span>
        )}
      </button>
      <div id={listId} hidden={!open}>
        {open && (
          <ThoughtChain
            className="steps-chain"
            items={run.steps.map((step, index) => ({
              key: String(index),
              title: (
                <>
                  {title(step)}
                  <span className="step-time">
                    {step.elapsedMs === null
                      ? t(`steps.${step.status}`)
                      : formatDuration(step.elapsedMs, i18n.language)}
                  </span>
                </>
              ),
              content: <StepFacts outputs={step.outputs} />,
              icon: <StepIcon step={step} stopped={stopped} />,
            }))}
          />
        )}
        {open && <RunTimes run={run} />}
      </div>
    </div>
  )
}

/** How long a run that has ended waited, thought and took in all. */
function RunTimes({ run }: { run: LiveRun }) {
  const { t, i18n } = useTranslation()
  if (!hasEnded(run) || !run.timings) return null
  const { queuedMs, firstTokenMs, totalMs } = run.timings
  const times = { queuedMs, firstTokenMs, totalMs }
  return (
    <p className="note steps-times">
      {Object.entries(times)
        .flatMap(([name, ms]) =>
          ms === null ? [] : t(`steps.time.${name}`, { time: formatDuration(ms, i18n.language) }),
        )
        .join(' · ')}
    </p>
  )
}

function StepIcon({ step, stopped }: { step: Step; stopped: boolean }) {
  switch (step.status) {
    case 'running':
      return <LoadingOutlined aria-hidden />
    case 'succeeded':
      return <CheckCircleFilled aria-hidden className="good" />
    case 'failed':
      return stopped ? <MinusCircleOutlined aria-hidden /> : <CloseCircleFilled aria-hidden className="bad" />
    default:
      return step.status satisfies never
  }
}

const MAX_OUTPUT_CHARS = 300
/** What a node may say it did, as far as it means something to a reader. */
const FACTS = ['question', 'passages'] as const

function StepFacts({ outputs }: { outputs: Step['outputs'] }) {
  const { t } = useTranslation()
  const known = FACTS.filter((name) => outputs[name] !== undefined)
  return (
    <dl className="step-facts">
      {known.map((name) => (
        <div key={name}>
          <dt>{t(`steps.${name}`)}</dt>
          <dd>{String(outputs[name]).slice(0, MAX_OUTPUT_CHARS)}</dd>
        </div>
      ))}
    </dl>
  )
}
