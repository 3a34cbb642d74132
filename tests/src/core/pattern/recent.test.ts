/** A memory of a few texts: what it says is what was kept last, or nothing. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Recent } from '../../../../packages/core/dist/pattern/recent.js'
import { holds } from '../../support/holds.js'
import { table } from '../../support/table.js'

const fresh = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')

table('the texts that came last', [
  ['are not there before they were kept', () => assert.equal(new Recent().find('https://a.example'), undefined)],
  ['nor is the empty text', () => assert.equal(new Recent().find(''), undefined)],
  [
    'are found by an equal text',
    () => {
      const recent = new Recent<{ readonly text: string }>()
      const entry = recent.keep({ text: 'https://a.example' })
      assert.equal(recent.find(fresh('https://a.example')), entry)
    },
  ],
  [
    'are never taken for another text, and what is found is what was kept last',
    () =>
      holds(500, fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 4 })), { maxLength: 60 }), (steps) => {
        const recent = new Recent<{ readonly text: string; readonly at: number }>()
        const twin = new Map<string, number>()
        for (const [at, [keeps, text]] of steps.entries()) {
          const found = recent.find(fresh(text))
          if (found !== undefined) assert.deepEqual(found, { text, at: twin.get(text) })
          if (!keeps) continue
          recent.keep({ text, at })
          twin.set(text, at)
          assert.equal(recent.find(text)?.at, at)
        }
      }),
  ],
  [
    'are sixteen at most',
    () => {
      const recent = new Recent<{ readonly text: string }>()
      const texts = Array.from({ length: 1000 }, (_, i) => `https://${i}.example`)
      for (const text of texts) recent.keep({ text })
      assert.ok(texts.filter((text) => recent.find(text) !== undefined).length <= 16)
    },
  ],
  [
    'are not kept if they are long',
    () => {
      const recent = new Recent<{ readonly text: string }>()
      recent.keep({ text: 'x'.repeat(513) })
      assert.equal(recent.find('x'.repeat(513)), undefined)
    },
  ],
])
