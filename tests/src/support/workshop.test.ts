/** The check of the pages, checked: a page with faults in known places. */
import assert from 'node:assert/strict'
import { anchor, parsePage } from './page.js'
import { table } from './table.js'
import { closeWorkshop, openWorkshop, perform } from './workshop.js'

const page = [
  '# A page',
  '',
  'See [here](docs/policy.md#a-b) and `[not](this)`.',
  '',
  '```yaml shop.cors.yaml',
  'version: 1',
  '```',
  '## Code: one `a.b`',
  '```ts server.ts',
  "import { readFileSync } from 'node:fs'",
  "export const text: string = readFileSync('shop.cors.yaml', 'utf8')",
  '```',
  '```ts',
  "import { text } from './server.js'",
  "if (text !== 'version: 1\\n') throw new Error(text)",
  '```',
  '```ts continues',
  'const n: number = text',
  '```',
  '- in a list',
  '  ```js',
  "  import http from 'node:http'",
  '  http.createServer().listen(80)',
  '  ```',
  '````js',
  "throw new Error('as printed: ```')",
  '````',
].join('\n')

const { blocks, headings, links } = parsePage('docs/page.md', page)
const shop = openWorkshop(blocks)
const [server, text, list, thrown] = shop.programs

table(
  'a page and its programs',
  [
    [
      'blocks, headings and links are found where they stand',
      () => {
        assert.deepEqual(
          blocks.map(({ language, line, words }) => `${line} ${[language, ...words].join(' ')}`),
          ['6 yaml shop.cors.yaml', '10 ts server.ts', '14 ts', '18 ts continues', '22 js', '26 js'],
        )
        assert.deepEqual(headings.map(anchor), ['a-page', 'code-one-ab'])
        assert.deepEqual(links, ['docs/policy.md#a-b'])
        assert.equal(blocks[4]?.text.startsWith('import'), true)
      },
    ],
    ['a fence that is never closed is a fault', () => assert.throws(() => parsePage('p.md', '```ts\nx'), /p\.md:1/)],
    [
      'a wrong type is reported with the line of the page',
      () => assert.match(shop.complaints, /^docs-page\/line-14\.ts\(18,7\): error TS2322/),
    ],
    [
      'a named block is a file beside the others',
      () => {
        assert.ok(server && text)
        perform(shop, server)
        perform(shop, text)
      },
    ],
    [
      'a server takes a free port and does not keep the process',
      () => {
        assert.ok(list)
        perform(shop, list)
      },
    ],
    [
      'a program that throws fails with its place and what it wrote',
      () => {
        assert.ok(thrown)
        assert.throws(() => perform(shop, thrown), /docs\/page\.md:26 ends with 1[\s\S]*as printed: ```/)
      },
    ],
  ],
  { after: () => closeWorkshop(shop) },
)
