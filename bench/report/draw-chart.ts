import type { Results } from './results.ts'

const WIDTH = 760
const LEFT = 190
const BAR = 16
const GAP = 6
const COLOURS: Record<string, string> = {
  direct: '#9aa5b1',
  Askwire: '#2563eb',
  'Portkey relay': '#d97706',
  'LangGraph server': '#b91c1c',
}

type Bar = { label: string; value: number; text: string; colour: string }
type Group = { title: string; bars: Bar[] }

/** Delay per token by load, tokens per second, and scaling, as one picture. Delays are drawn on a logarithmic scale. */
export function drawChart(results: Results): string {
  const groups: Group[] = []
  for (const slots of new Set((results.paced ?? []).map((row) => row.slots))) {
    const rows = (results.paced ?? []).filter((row) => row.slots === slots)
    groups.push({
      title: `Delay per token at ${slots} answer${slots === 1 ? '' : 's'} at once: p50 and p99 in ms, logarithmic`,
      bars: rows.flatMap(({ target, result: { tokenMs } }) =>
        (['p50', 'p99'] as const).map((which) => ({
          label: `${target} ${which}`,
          value: Math.log10(1 + tokenMs[which] * 10) / 5,
          text: `${tokenMs[which]}`,
          colour: COLOURS[target] ?? '#555',
        })),
      ),
    })
  }
  const most = Math.max(1, ...(results.flood ?? []).map((row) => row.tokensPerSecond))
  if (results.flood) {
    groups.push({
      title: 'Tokens per second when the model does not wait',
      bars: results.flood.map(({ target, tokensPerSecond }) => ({
        label: target,
        value: tokensPerSecond / most,
        text: String(tokensPerSecond),
        colour: COLOURS[target] ?? '#555',
      })),
    })
  }
  if (results.scaling) {
    groups.push({
      title: 'Answers per second by workers, of the line',
      bars: results.scaling.map(({ workers, ofLine, answersPerSecond }) => ({
        label: `${workers} workers`,
        value: ofLine / 1.2,
        text: `${answersPerSecond} (${Math.round(ofLine * 100)} %)`,
        colour: COLOURS.Askwire ?? '#555',
      })),
    })
  }
  return draw(groups, `Askwire, ${results.startedAt}, ${results.cores} cores, Node ${results.node}`)
}

function draw(groups: Group[], title: string): string {
  const parts: string[] = []
  let y = 24
  const text = (x: number, at: number, content: string, extra = ''): void => {
    parts.push(`<text x="${x}" y="${at}" ${extra}>${escapeXml(content)}</text>`)
  }
  text(10, y, title, 'font-weight="bold"')
  for (const group of groups) {
    y += 30
    text(10, y, group.title)
    y += 8
    for (const bar of group.bars) {
      const width = Math.max(1, Math.min(1, bar.value) * (WIDTH - LEFT - 130))
      parts.push(`<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${bar.colour}"/>`)
      text(LEFT - 8, y + BAR - 4, bar.label, 'text-anchor="end"')
      text(LEFT + width + 6, y + BAR - 4, bar.text)
      y += BAR + GAP
    }
  }
  const height = y + 10
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
