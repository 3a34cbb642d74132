import assert from 'node:assert/strict'
import { isToken, isTokenCharacter } from '../../../../packages/core/dist/web/token.js'
import { hostile } from '../../support/generate.js'
import { holds } from '../../support/holds.js'
import { table } from '../../support/table.js'

const tchar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/

table('tokens', [
  [
    'every UTF-16 code unit, by the grammar',
    () => {
      for (let code = 0; code <= 0xffff; code++)
        assert.equal(isTokenCharacter(code), tchar.test(String.fromCharCode(code)), `code ${code}`)
    },
  ],
  ['a token is not empty', () => assert.equal(isToken(''), false)],
  [
    'one character that is none spoils it, wherever it stands',
    () => assert.deepEqual([' ab', 'a b', 'ab ', 'a\0b', 'é', 'ab😀', 'a,b', '"ab"'].filter(isToken), []),
  ],
  [
    'hostile text, by the grammar',
    () => holds(5000, hostile, (text) => assert.equal(isToken(text), /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text))),
  ],
])
