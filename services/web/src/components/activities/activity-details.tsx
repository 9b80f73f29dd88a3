import type { ActivityView } from '@askwire/contracts'
import { useTranslation } from 'react-i18next'
import { describeAgent } from '../../describe-agent.ts'

/** What an activity changed, field by field, and where it came from. All of it as text. */
export function ActivityDetails({ activity }: { activity: ActivityView }) {
  const { t } = useTranslation()
  const { before, after, targetType, targetId, agent, requestId } = activity
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return (
    <details className="activity">
      <summary>{names.slice(0, 3).join(', ') || targetType}</summary>
      <dl className="facts small">
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {before && name in before && <del>{textOf(before[name])}</del>}{' '}
              {after && name in after && <ins>{textOf(after[name])}</ins>}
            </dd>
          </div>
        ))}
        <div>
          <dt>{targetType}</dt>
          <dd>{targetId ?? '–'}</dd>
        </div>
        <div>
          <dt>{t('logins.where')}</dt>
          <dd title={agent}>{describeAgent(agent) ?? '–'}</dd>
        </div>
        <div>
          <dt>{t('activities.request')}</dt>
          <dd>{requestId}</dd>
        </div>
      </dl>
    </details>
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
