import katex, { type KatexOptions } from 'katex'
import { MAX_FORMULA_LENGTH } from '../../markdown/is-formula.ts'

/** No links, images or classes from a formula, and bounds on what a short one may become. */
const OPTIONS: KatexOptions = {
  trust: false,
  strict: 'ignore',
  throwOnError: true,
  maxExpand: 500,
  maxSize: 10,
}
/** Deeper elements bring the browser's own layout down: six hundred roots within each other did. */
const MAX_DEPTH = 150
const MAX_ELEMENTS = 20_000

/** Draws a formula into `box`. Throws when it can not be drawn, or what it becomes is too much for a page. */
export function drawFormula(tex: string, display: boolean, box: HTMLElement): void {
  if (tex.length > MAX_FORMULA_LENGTH) throw new RangeError('too long')
  const drawn = document.createElement('span')
  katex.render(tex, drawn, { ...OPTIONS, displayMode: display })
  requireBounded(drawn)
  box.replaceChildren(...drawn.childNodes)
}

function requireBounded(root: Element): void {
  let level: Element[] = [root]
  let count = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length
    if (depth > MAX_DEPTH || count > MAX_ELEMENTS) throw new RangeError('too much to draw')
    level = level.flatMap((element) => [...element.children])
  }
}
