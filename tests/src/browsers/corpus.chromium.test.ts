/** The corpus in Chromium: `corpus-play.ts` says what is held against it. */
import assert from 'node:assert/strict'
import { table } from '../support/table.js'
import { browserTable } from './browser-table.js'
import { corpusPlay } from './corpus-play.js'
import { corpus, leftOut, modes, turns } from './corpus-turns.js'

browserTable('the corpus', corpusPlay, 'chromium')

table('the cases of the corpus that no page brings about', [
  [
    'are counted, by reason',
    () => {
      const all = corpus.reduce((sum, { cases }) => sum + cases.length, 0)
      const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0)
      console.log(`${all - left} of ${all} cases; not so: ${JSON.stringify(leftOut)}`)
      assert.equal(turns.length, (all - left) * modes.length)
      assert.ok(left < all / 3, `${left} of ${all}`)
    },
  ],
])
