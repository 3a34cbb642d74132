import assert from 'node:assert/strict'
import { type Row, table } from './table.js'
import { answersIn, written } from './wire.js'

const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const two = `${head('HTTP/1.1 200 OK', 'Content-Length: 1')}a${head('HTTP/1.1 404 Not Found', 'Content-Length: 2')}bc`

/** Answers as they came, the methods that were asked, and of each its status, body and whether it is whole. */
const cases: readonly (readonly [
  sentence: string,
  text: string,
  methods: readonly string[],
  seen: readonly (readonly [status: number, body: string, isWhole: boolean])[],
])[] = [
  ['nothing', '', [], []],
  [
    'one after the other',
    two,
    [],
    [
      [200, 'a', true],
      [404, 'bc', true],
    ],
  ],
  [
    'to HEAD, with a length and without a body',
    `${head('HTTP/1.1 200 OK', 'Content-Length: 9')}${two}`,
    ['HEAD'],
    [
      [200, '', true],
      [200, 'a', true],
      [404, 'bc', true],
    ],
  ],
  ['until the end of the connection', `${head('HTTP/1.0 200 OK')}abc`, [], [[200, 'abc', true]]],
  ['cut in the body', `${head('HTTP/1.1 200 OK', 'Content-Length: 4')}abc`, [], [[200, 'abc', false]]],
  ['cut in the head', 'HTTP/1.1 200 OK\r\nContent-Le', [], [[200, '', false]]],
  [
    'in chunks, with trailers',
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}2\r\nab\r\n1\r\nc\r\n0\r\nx-sum: 1\r\n\r\n${two}`,
    [],
    [
      [200, 'abc', true],
      [200, 'a', true],
      [404, 'bc', true],
    ],
  ],
  [
    'in chunks, the last of which does not come',
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}2\r\nab\r\n`,
    [],
    [[200, 'ab', false]],
  ],
  [
    'without a body by their status',
    head('HTTP/1.1 304 Not Modified', 'Content-Length: 7') + head('HTTP/1.1 204 No Content'),
    [],
    [
      [304, '', true],
      [204, '', true],
    ],
  ],
]

table('answers on a connection', [
  ...cases.map(
    ([sentence, text, methods, seen]): Row => [
      sentence,
      () =>
        assert.deepEqual(
          answersIn(text, methods).map(({ status, body, isWhole }) => [status, body, isWhole]),
          seen,
        ),
    ],
  ),
  [
    'what comes before an answer belongs to it',
    () => {
      const [answer, ...more] = answersIn(
        head('HTTP/1.1 100 Continue') + head('HTTP/1.1 103 Hints', 'Link: a') + two,
        [],
      )
      assert.deepEqual([answer?.status, answer?.interim.map(({ status }) => status)], [200, [100, 103]])
      assert.deepEqual(more[0]?.interim, [])
    },
  ],
  [
    'a header that stands twice is seen twice',
    () => {
      const [answer] = answersIn(head('HTTP/1.1 204 No Content', 'Vary: a', 'vary: b', 'X: c'), [])
      assert.deepEqual(answer?.cors, { vary: 'a AND b' })
    },
  ],
  [
    'a request is written with a host, unless it has one',
    () => {
      assert.equal(written({ target: '/x' }), 'GET /x HTTP/1.1\r\nHost: h.example\r\n\r\n')
      assert.equal(written({ method: 'PUT', headers: ['host: a'], body: 'b' }), 'PUT / HTTP/1.1\r\nhost: a\r\n\r\nb')
    },
  ],
])
