import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  isAsSerialized,
  maxRequestHeaderNames,
  maxRequestHeadersLength,
  parseRequestHeaders,
} from '../../../../packages/core/dist/web/request-headers.js'
import { hostile } from '../../support/generate.js'
import { holds } from '../../support/holds.js'
import { requestedNames } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

const names = (text: string): readonly string[] | undefined => {
  const parsed = parseRequestHeaders(text)
  return parsed && [...parsed]
}

function accepts(rows: readonly (readonly [sentence: string, text: string, names: readonly string[]])[]): Row[] {
  return rows.map(([sentence, text, expected]) => [sentence, () => assert.deepEqual(names(text), expected)])
}

function rejects(rows: readonly (readonly [sentence: string, text: string])[]): Row[] {
  return rows.map(([sentence, text]) => [sentence, () => assert.equal(names(text), undefined)])
}

table('requested header names', [
  ...accepts([
    ['as a browser sends them', 'content-type,x-a', ['content-type', 'x-a']],
    ['one', 'x', ['x']],
    ['in their order', 'x-b,x-a', ['x-b', 'x-a']],
    ['in lower case', 'Content-Type,X-A', ['content-type', 'x-a']],
    ['each once', 'x-a,x-b,X-A,x-a', ['x-a', 'x-b']],
    ['without the blanks around', ' x-a ,\tx-b\t, \t x-c', ['x-a', 'x-b', 'x-c']],
    ['without empty elements', ',x-a,,  ,x-b,', ['x-a', 'x-b']],
    ['none', '', []],
    ['none, of blanks', ' \t ', []],
    ['none, of commas', ',,,', []],
    ['of all characters of a token', "!#$%&'*+-.^_`|~09azAZ", ["!#$%&'*+-.^_`|~09azaz"]],
    ['that every object has', '__proto__,constructor', ['__proto__', 'constructor']],
    ['as many as there may be', Array(maxRequestHeaderNames).fill('x').join(), ['x']],
    ['as long as it may be', `x${' '.repeat(maxRequestHeadersLength - 1)}`, ['x']],
    ['more commas than there may be names', `x${','.repeat(1000)}y`, ['x', 'y']],
  ]),
  ...rejects([
    [
      'more than there may be',
      Array(maxRequestHeaderNames + 1)
        .fill('x')
        .join(),
    ],
    ['longer than it may be', `x${' '.repeat(maxRequestHeadersLength)}`],
    ['a million commas', ','.repeat(1_000_000)],
    ['a blank within', 'x a'],
    ['a tab within', 'x\ta'],
    ['a line feed', 'x\na'],
    ['a line feed behind', 'x-a\n'],
    ['a carriage return behind', 'x-a\r'],
    ['a form feed around, which is no blank here', '\fx-a'],
    ['a no-break space around, which is no blank here', '\u00a0x-a'],
    ['a NUL', 'x\0'],
    ['a colon', 'x:'],
    ['a semicolon', 'x;y'],
    ['quotes', '"x"'],
    ['letters beyond ASCII', 'é'],
    ['a letter whose lower case is ASCII', '\u212a'],
    ['one that is none among others', 'x-a,x b,x-c'],
  ]),
  [
    'and the plain twin reads them alike',
    () => {
      const name = fc.constantFrom('x-a', 'X-A', 'x-b', 'content-type', 'a b', 'é', '', '*', ' ')
      const gap = fc.constantFrom('', '', ' ', '\t', '  ', ' \t ')
      const list = fc
        .array(fc.tuple(gap, name, gap), { maxLength: 140 })
        .map((parts) => parts.map((part) => part.join('')).join())
      holds(20_000, fc.oneof(list, hostile), (text) => assert.deepEqual(names(text), requestedNames(text)))
    },
  ],
])

table('a header as a browser serializes it', [
  ...['x', 'a,b', 'a,aa', 'content-type,x-a,x-b', '!,#,0,a,a!,ab,b,~'].map(
    (text): Row => [text, () => assert.equal(isAsSerialized(text), true)],
  ),
  ...[
    '',
    ',',
    'a,',
    ',a',
    'a,,b',
    'b,a',
    'a,a',
    'aa,a',
    'ab,aa',
    'a, b',
    ' a',
    'a ',
    'a\t,b',
    'A',
    'a,B',
    'Z',
    'x-b,x-a,x-c',
  ].map((text): Row => [`not ${JSON.stringify(text)}`, () => assert.equal(isAsSerialized(text), false)]),
  [
    'is the list of its names, sorted, and no other is',
    () =>
      holds(
        20_000,
        fc.array(fc.constantFrom('a', 'aa', 'ab', 'b', 'x-a', 'x-b', 'X', '', ' a'), { maxLength: 5 }),
        (list) => {
          const text = list.join()
          const parsed = names(text)
          assert.ok(parsed)
          assert.equal(isAsSerialized(text), parsed.length > 0 && parsed.toSorted().join() === text)
        },
      ),
  ],
])
