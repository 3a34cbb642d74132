/** Hostile text: nothing throws, and the time is bounded by the request's bytes, whatever they are. */
import assert from 'node:assert/strict'
import { type CorsRequest, canonicalPath, compilePolicy, corsRequest, evaluate, type Policy } from '@safeconduct/core'
import fc from 'fast-check'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { hostile } from '../../support/generate.js'
import { holds } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { isLinear, isQuick } from '../../support/time.js'

const origin = 'https://app.example'

const policy: Policy = compilePolicy({
  version: 1,
  rules: [
    {
      id: 'patterns',
      paths: ['/**', '/a/**/b/**/c*d', '/a/**/x*y/**'],
      allow: [
        {
          origins: [origin, 'https://**.app.example', 'https://a*b.example'],
          methods: ['*'],
          requestHeaders: ['*'],
          credentials: true,
        },
        { origins: ['*'], methods: ['*'], requestHeaders: ['*', 'authorization'] },
      ],
    },
    { id: 'public', paths: ['/public/**'], allow: [{ origins: ['*'] }] },
    { id: 'served', paths: ['/served/**'], allow: [{ origins: [origin], methods: 'served' }] },
    { id: 'nobody', paths: ['/nobody/**'], allow: [] },
  ],
})

/** Every field of the request, with the others such that it is looked at. */
const fields: Readonly<Record<string, (text: string) => CorsRequest>> = {
  method: (text) => ({ method: text, path: '/', origin }),
  path: (text) => ({ method: 'GET', path: `/${text}`, origin }),
  'the whole path': (text) => ({ method: 'GET', path: text, origin }),
  origin: (text) => ({ method: 'GET', path: '/', origin: text }),
  'the host of the origin': (text) => ({ method: 'GET', path: '/', origin: `https://${text}.app.example` }),
  'the origin of a preflight': (text) => ({ method: 'OPTIONS', path: '/', origin: text, requestMethod: 'PUT' }),
  'the requested method': (text) => ({ method: 'OPTIONS', path: '/', origin, requestMethod: text }),
  'the requested headers': (text) => ({
    method: 'OPTIONS',
    path: '/',
    origin,
    requestMethod: 'PUT',
    requestHeaders: text,
  }),
  rule: (text) => ({ method: 'GET', path: '/', origin, rule: text }),
  'the served methods': (text) => ({ method: 'GET', path: '/served/', origin, servedMethods: [text, 'GET', text] }),
}

table('hostile text in every field of a request', [
  ...Object.entries(fields).map(
    ([field, request]): Row => [
      field,
      () =>
        holds(1500, hostile, (text) => {
          assertDeeplyFrozen(evaluate(policy, request(text)))
          assertDeeplyFrozen(evaluate(policy, request(text), { debug: true }))
        }),
    ],
  ),
  [
    'request targets and headers as a server hands them on',
    () =>
      holds(
        1500,
        fc.tuple(hostile, hostile, fc.array(hostile, { maxLength: 3 }), hostile),
        ([method, url, lines, text]) => {
          const headers = { origin: lines, 'access-control-request-method': text, [text]: text }
          assertDeeplyFrozen(evaluate(policy, corsRequest(method, url, headers)))
          const path = canonicalPath(url)
          if (path !== undefined) assert.equal(canonicalPath(path), path)
        },
      ),
  ],
])

const million = 1 << 20
const pieces = [
  ',',
  ' ',
  '\t',
  ':',
  '.',
  '/',
  '[',
  ']',
  '{',
  '*',
  '%',
  '%2e',
  '%2F',
  '\\',
  '\0',
  '@',
  ';',
  '-',
  'a',
  'A',
  'a.',
  'x-a,',
  ', ',
  '/a',
  '😀',
  '\ud800',
]
const shown = (piece: string): string => JSON.stringify(piece)

table(
  'a million characters are decided within 5 ms',
  pieces.map((piece): Row => {
    const text = piece.repeat(million / piece.length)
    const check = (): void => {
      for (const [field, request] of Object.entries(fields)) {
        const asked = request(text)
        assert.ok(
          isQuick(() => evaluate(policy, asked), 5),
          field,
        )
      }
      for (const url of [text, `/${text}`, `http://a.example/${text}`, `http://${text}`, `/?${text}`]) {
        assert.ok(
          isQuick(() => canonicalPath(url), 5),
          `canonicalPath ${shown(url.slice(0, 20))}`,
        )
      }
    }
    return [`of ${shown(piece)}`, check]
  }),
)

/** What is read to its end: four times the text takes four times the time, not sixteen times. */
const read: readonly (readonly [string, (n: number) => CorsRequest | string])[] = [
  ['requested names', (n) => fields['the requested headers']?.(`x${'a'.repeat(n)}`) ?? ''],
  ['commas between requested names', (n) => fields['the requested headers']?.(`x${','.repeat(n)}`) ?? ''],
  ['blanks between requested names', (n) => fields['the requested headers']?.(`x,${' '.repeat(n)},y`) ?? ''],
  ['blanks behind a requested name', (n) => fields['the requested headers']?.(`x${' '.repeat(n)}y`) ?? ''],
  ['segments of a path', (n) => fields.path?.('a/'.repeat(4 * n)) ?? ''],
  ['segments of a path that almost match', (n) => fields.path?.(`a/${'b/'.repeat(4 * n)}cd`) ?? ''],
  ['empty segments of a path', (n) => fields.path?.('/'.repeat(8 * n)) ?? ''],
  ['a long segment that almost matches', (n) => fields.path?.(`a/x${'y'.repeat(8 * n)}z`) ?? ''],
  ['escapes of a path', (n) => `/${'%61'.repeat(2 * n)}`],
  ['kept escapes of a path', (n) => `/${'%2f'.repeat(2 * n)}`],
  ['dots of a path', (n) => `/${'.'.repeat(8 * n)}`],
]

table(
  'time is linear in what is read',
  read.map(([what, request]): Row => {
    const run = (n: number): (() => unknown) => {
      const asked = request(n)
      return typeof asked === 'string' ? () => canonicalPath(asked) : () => evaluate(policy, asked)
    }
    return [what, () => assert.ok(isLinear(run, 2000))]
  }),
)
