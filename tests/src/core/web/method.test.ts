import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import {
  isForbiddenMethod,
  isMethod,
  isSafelistedMethod,
  maxMethodLength,
  registeredSpelling,
} from '../../../../packages/core/dist/web/method.js'
import { table } from '../../support/table.js'

const nodes: readonly string[] = METHODS

table('methods', [
  [
    'a method is a token of sane length',
    () => {
      assert.deepEqual(
        ['GET', 'patch', '*', 'M-SEARCH', "!#$%&'*+-.^_`|~0aA", '__proto__', 'x'.repeat(maxMethodLength)].filter(
          (m) => !isMethod(m),
        ),
        [],
      )
      const none = [
        '',
        ' ',
        'GET ',
        ' GET',
        'G T',
        'GET,PUT',
        'GET\r\n',
        'G\0',
        'G:',
        'G/',
        '"GET"',
        'GÉT',
        '\u212a',
        '(',
        '{',
        'x'.repeat(maxMethodLength + 1),
      ]
      assert.deepEqual(none.filter(isMethod), [])
    },
  ],
  [
    'three are safelisted, to the byte',
    () =>
      assert.deepEqual(
        ['GET', 'HEAD', 'POST', 'get', 'Head', 'PUT', 'OPTIONS', 'GET ', ''].filter(isSafelistedMethod),
        ['GET', 'HEAD', 'POST'],
      ),
  ],
  [
    'three are forbidden, in any case',
    () => {
      const forbidden = ['CONNECT', 'TRACE', 'TRACK', 'connect', 'Trace', 'tRACK']
      assert.deepEqual([...forbidden, 'TRACES', 'TRAC', 'CONNECTION', 'GET', ''].filter(isForbiddenMethod), forbidden)
    },
  ],
  [
    'a method that differs from a registered one by its case is told the other',
    () =>
      assert.deepEqual(
        ['patch', 'Get', 'delete', 'm-search', 'Version-Control', 'PATCH', 'foo', 'FOO', '*'].map(registeredSpelling),
        ['PATCH', 'GET', 'DELETE', 'M-SEARCH', 'VERSION-CONTROL', undefined, undefined, undefined, undefined],
      ),
  ],
  [
    "every method of Node's parser is known in another case, the forbidden ones apart",
    () =>
      assert.deepEqual(
        nodes.filter((method) => !isForbiddenMethod(method) && registeredSpelling(method.toLowerCase()) !== method),
        [],
      ),
  ],
])
