/** Words found where they stand in a text: as a Map finds the word that is cut out. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { LiteralTable } from '../../../../packages/core/dist/pattern/literal-table.js'
import { holds } from '../../support/holds.js'
import { table } from '../../support/table.js'

function tableOf(words: Iterable<string>): LiteralTable<string> {
  const found = new LiteralTable<string>()
  for (const word of words) found.add(word, `the value of ${word}`)
  return found
}

const words = fc.uniqueArray(fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('a', 'b', 'ab', 'ba', 'aab')), {
  maxLength: 40,
})

table('words in a text', [
  ['are none in an empty table', () => assert.equal(tableOf([]).at('abc', 0, 3), undefined)],
  [
    'are found from any place up to any other, and no others are',
    () =>
      holds(500, fc.tuple(words, fc.string({ maxLength: 6 })), ([listed, beside]) => {
        const found = tableOf(listed)
        const text = listed.slice(0, 4).join('') + beside
        for (let start = 0; start <= text.length; start++) {
          for (let end = start; end <= text.length; end++) {
            const word = text.slice(start, end)
            const expected = listed.includes(word) ? `the value of ${word}` : undefined
            assert.equal(found.at(text, start, end), expected)
            assert.equal(found.get(word), expected)
          }
        }
      }),
  ],
  [
    'are as many as come, numbered tenants too',
    () => {
      const listed = Array.from({ length: 10_000 }, (_, i) => `tenant-${i}`)
      const found = tableOf(listed)
      for (const word of listed) assert.equal(found.at(`x.${word}.`, 2, 2 + word.length), `the value of ${word}`)
      assert.equal(found.get('tenant-10000'), undefined)
      assert.deepEqual(
        found.entries.map(({ word }) => word),
        listed,
      )
    },
  ],
])
