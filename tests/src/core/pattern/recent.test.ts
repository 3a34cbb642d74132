/** A memory of a few texts: what it says is what was kept last, or nothing. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Recent } from '../../../../packages/core/dist/pattern/recent.js'
import { holds } from '../../support/holds.js'
import { table } from '../../support/table.js'

const places = 16
const fresh = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
/** Whatever number the caller has: the length, a hash of either sign. */
const numbers: readonly ((text: string) => number)[] = [(text) => text.length, (text) => ~text.length, () => 0x7fffffff]

table('the texts that came last', [
  [
    'are not there before they were kept',
    () => assert.equal(new Recent(places).find('https://a.example', 3), undefined),
  ],
  ['nor is the empty text', () => assert.equal(new Recent(places).find('', 0), undefined)],
  [
    'are found by an equal text',
    () => {
      for (const number of numbers) {
        const recent = new Recent<{ readonly text: string }>(places)
        const entry = recent.keep({ text: 'https://a.example' }, number('https://a.example'))
        assert.equal(recent.find(fresh('https://a.example'), number('https://a.example')), entry)
      }
    },
  ],
  [
    'are never taken for another text, and what is found is what was kept last',
    () =>
      holds(500, fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 4 })), { maxLength: 60 }), (steps) => {
        for (const number of numbers) {
          const recent = new Recent<{ readonly text: string; readonly at: number }>(places)
          const twin = new Map<string, number>()
          for (const [at, [keeps, text]] of steps.entries()) {
            const found = recent.find(fresh(text), number(text))
            if (found !== undefined) assert.deepEqual(found, { text, at: twin.get(text) })
            if (!keeps) continue
            recent.keep({ text, at }, number(text))
            twin.set(text, at)
            assert.equal(recent.find(text, number(text))?.at, at)
          }
        }
      }),
  ],
  [
    'are as many as there are places, at most',
    () => {
      for (const number of numbers) {
        const recent = new Recent<{ readonly text: string }>(places)
        const texts = Array.from({ length: 1000 }, (_, i) => `https://${i}.example`)
        for (const text of texts) recent.keep({ text }, number(text))
        assert.ok(texts.filter((text) => recent.find(text, number(text)) !== undefined).length <= places)
      }
    },
  ],
  [
    'are kept from the second time on, where what comes once is to push nothing out',
    () => {
      const recent = new Recent<{ readonly text: string }>(places)
      const keep = (text: string, number: number): boolean => {
        recent.keepRepeated({ text }, number)
        return recent.find(text, number) !== undefined
      }
      assert.deepEqual([keep('a', 3), keep('a', 3), keep('a', 3)], [false, true, true])
      assert.deepEqual([keep('b', 3 + places), recent.find('a', 3)?.text], [false, 'a'])
      assert.deepEqual([keep('b', 3 + places), recent.find('a', 3)], [true, undefined])
      assert.deepEqual([keep('c', -1), keep('d', ~places), keep('c', -1)], [false, false, false])
      assert.equal(keep('c', -1), true)
    },
  ],
  [
    'are not kept if they are long',
    () => {
      const recent = new Recent<{ readonly text: string }>(places)
      recent.keep({ text: 'x'.repeat(513) }, 0)
      assert.equal(recent.find('x'.repeat(513), 0), undefined)
    },
  ],
])
