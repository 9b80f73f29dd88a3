import type { Page } from 'playwright-core'

export type Reading = {
  /** Turns that moved otherwise than the scrolling moved them. */
  jumps: unknown[]
  /** Elements the document had at most. */
  elements: number
}

/**
 * Scrolls the conversation up to its very beginning: the first screens as a reader does who follows a turn that stays in sight, through
 * some pages of messages, and then from page to page as with the Home key.
 */
export async function readUpwards(page: Page): Promise<Reading> {
  // As text: this project is checked without the browser's types.
  return await page.evaluate(`(${READ})()`)
}

const READ = `async () => {
  const READ_STEPS = 80
  const READ_PX = 350
  const box = document.querySelector('.scroller')
  const frames = async (count) => {
    for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  const topOf = (turn) => turn.getBoundingClientRect().top
  const isAtBeginning = () => box.scrollTop === 0 && document.querySelector('.history-head small') !== null
  const upper = box.getBoundingClientRect().top
  // A reader begins when the page has come to rest: the end is measured, and its code has its colours.
  for (let still = 0, height = 0; still < 20; ) {
    await frames(1)
    still = box.scrollHeight === height ? still + 1 : 0
    height = box.scrollHeight
  }
  const jumps = []
  let elements = 0
  for (let step = 0; step < 5000 && !isAtBeginning(); step += 1) {
    const reading = step < READ_STEPS
    const turn = [...document.querySelectorAll('[data-turn]')].find((one) => one.getBoundingClientRect().bottom > upper)
    const before = topOf(turn)
    const by = reading ? Math.min(READ_PX, box.scrollTop) : box.scrollTop
    box.scrollBy(0, -by)
    await frames(2)
    elements = Math.max(elements, document.querySelectorAll('*').length)
    const moved = topOf(turn) - before
    if (reading && Math.abs(moved - by) > 4) jumps.push({ step, by, moved, turn: turn.textContent.slice(0, 40) })
    if (by === 0) await frames(5)
  }
  return { jumps, elements }
}`
