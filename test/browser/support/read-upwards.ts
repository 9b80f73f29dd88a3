import type { Page } from 'playwright-core'

export type Reading = {
  /** Turns that moved otherwise than the scrolling moved them. */
  jumps: unknown[]
  /** Elements the document had at most. */
  elements: number
}

/** Scrolls the conversation up to its very beginning, in steps, as a reader does who follows one turn with the eyes. */
export async function readUpwards(page: Page): Promise<Reading> {
  // As text: this project is checked without the browser's types.
  return await page.evaluate(`(${READ})()`)
}

const READ = `async () => {
  const STEP_PX = 900
  const box = document.querySelector('.scroller')
  const frames = async (count) => {
    for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  const topOf = (turn) => turn.getBoundingClientRect().top
  const isAtBeginning = () => box.scrollTop === 0 && document.querySelector('.history-head small') !== null
  // A reader begins when the page has come to rest: the end is measured, and its code has its colours.
  for (let still = 0, height = 0; still < 20; ) {
    await frames(1)
    still = box.scrollHeight === height ? still + 1 : 0
    height = box.scrollHeight
  }
  const jumps = []
  let elements = 0
  for (let step = 0; step < 5000 && !isAtBeginning(); step += 1) {
    const turn = [...document.querySelectorAll('[data-turn]')].find((one) => topOf(one) > 60)
    const before = turn && topOf(turn)
    const by = Math.min(STEP_PX, box.scrollTop)
    box.scrollBy(0, -by)
    await frames(2)
    elements = Math.max(elements, document.querySelectorAll('*').length)
    const moved = turn?.isConnected ? topOf(turn) - before : by
    if (Math.abs(moved - by) > 4) jumps.push({ step, by, moved, turn: turn.textContent.slice(0, 40) })
    if (by === 0) await frames(5)
  }
  return { jumps, elements }
}`
