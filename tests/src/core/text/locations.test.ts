/** Lines and columns. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { lineFinder, locator } from '../../../../packages/core/dist/text/locations.js'
import { table } from '../../support/table.js'

table('lines and columns', [
  [
    'count from 1; a line ends with LF, CR LF or CR',
    () => {
      const find = lineFinder('ab\nc\r\nd\re')
      const places = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => find(at)).map(({ line, column }) => `${line}:${column}`)
      assert.deepEqual(places, ['1:1', '1:2', '1:3', '2:1', '2:2', '2:3', '3:1', '3:2', '4:1', '4:2'])
    },
  ],
  ['of an empty text are 1 and 1', () => assert.deepEqual(lineFinder('')(0), { line: 1, column: 1 })],
  [
    'are those that a split into lines gives',
    () => {
      const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '😀')).map((parts) => parts.join(''))
      fc.assert(
        fc.property(text, fc.nat(60), (text, n) => {
          const at = Math.min(n, text.length)
          // Before the LF of a CR LF the line goes on.
          const within = text[at] === '\n' && text[at - 1] === '\r'
          const lines = (within ? `${text.slice(0, at - 1)}r` : text.slice(0, at)).split(/\r\n|\r|\n/)
          assert.deepEqual(lineFinder(text)(at), { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 })
        }),
      )
    },
  ],
])

const locate = locator(
  { at: 0, below: new Map([['a/b', { at: 10, key: 5, below: [{ at: 11 }, { at: 14 }] }]]) },
  (at) => ({ line: 1, column: at }),
)

table('places by pointer', [
  ['the root', () => assert.equal(locate('').column, 0)],
  ['a member, its value', () => assert.equal(locate('/a~1b').column, 10)],
  ['a member, its key', () => assert.equal(locate('/a~1b', 'key').column, 5)],
  ['an item', () => assert.equal(locate('/a~1b/1').column, 14)],
  ['an item has no key', () => assert.equal(locate('/a~1b/1', 'key').column, 14)],
  [
    'a pointer to nothing: its nearest ancestor',
    () => {
      for (const pointer of ['/a~1b/2', '/a~1b/x', '/a~1b/-1', '/a~1b/01', '/a~1b/length']) {
        assert.equal(locate(pointer).column, 10, pointer)
      }
      assert.equal(locate('/a').column, 0)
      assert.equal(locate('/toString').column, 0)
      assert.equal(locate('/a~1b/1/c/d').column, 14)
    },
  ],
])
