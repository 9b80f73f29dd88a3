import { expect, test } from '@jest/globals'
import { readDiagram } from './diagram-source.ts'

test('a diagram does not set up its own drawing', () => {
  const source = '---\nconfig:\n  securityLevel: loose\n---\n%%{init: {"themeCSS": "x"}}%%\ngraph TD\n  A --> B'
  expect(readDiagram(source)).toEqual({ source: '\ngraph TD\n  A --> B' })
})

test.each([
  ['graph TD\n click A "https://canary.invalid/"', 'address'],
  ['graph TD\n click A "JavaScript :alert(1)"', 'address'],
  ['graph TD\n A@{ img: "//canary.invalid/x.png" }', 'address'],
  ['graph TD\n style A fill:URL (x)', 'address'],
  ['graph TD\n classDef x fill:red}*{display:none', 'style'],
  ['graph TD\n style A fill:u\\72l(x)', 'style'],
  ['graph TD\n A["<img src=x>"]', 'markup'],
  ['graph TD\n A["&lt;img src=x&gt;"]', 'markup'],
  ['graph TD\n A["#60;img src=x#62;"]', 'markup'],
  ['graph TD\n A["<<img src=x>>"]', 'markup'],
  ['graph TD\n A["&amp;lt;img src=x>"]', 'markup'],
  ['graph TD\n A["#060;img src=x>"]', 'markup'],
  ['sequenceDiagram\n link A: x @ y', 'markup'],
  ['x'.repeat(10_001), 'long'],
])('%j is not drawn', (source, refusal) => {
  expect(readDiagram(source)).toEqual({ refusal })
})

test('signs that only look like markup are drawn', () => {
  const source =
    'classDiagram\n class A {\n <<interface>>\n }\n A <|-- B\n A <--> C : one<br/>two & 1 < 2 #quot;x#quot;'
  expect(readDiagram(source)).toEqual({ source })
})
