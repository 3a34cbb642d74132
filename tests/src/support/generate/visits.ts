/** What pages do to a server that has a policy in force. */

import type { CredentialsMode, FetchRequest, Header } from '@safeconduct/core/browser'
import fc from 'fast-check'
import { type Setting, setting } from './settings.js'

const { array, constantFrom, oneof, record, tuple } = fc

const method = constantFrom(
  ...['GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PUT', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'FOO'],
  ...['put', 'patch', 'foo', '*', 'CONNECT', 'x y'],
)

/** Values at the edges of the safelist: 128 bytes and 129, bytes that are safe and that are not, ranges, essences. */
const header: fc.Arbitrary<Header> = oneof(
  {
    weight: 3,
    arbitrary: tuple(constantFrom('X-A', 'x-b', 'x-c', 'Authorization', '*', 'x-d'), constantFrom('1', '')),
  },
  {
    weight: 2,
    arbitrary: tuple(
      constantFrom('Content-Type', 'content-type'),
      constantFrom(
        ...['application/json', 'text/plain', 'text/plain;charset=utf-8', 'text/plain,', 'text /plain', ''],
        ...[117, 118].map((n) => `text/plain;${'x'.repeat(n)}`),
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: tuple(
      constantFrom('Accept', 'accept-language', 'Content-Language'),
      constantFrom('*/*', 'de', '"x"', 'a(b)', ...[100, 128, 129].map((n) => 'x'.repeat(n))),
    ),
  },
  {
    weight: 1,
    arbitrary: tuple(fc.constant('Range'), constantFrom('bytes=0-', 'bytes=5-4', 'bytes=-5', 'bytes=0-1,2-3')),
  },
  {
    weight: 1,
    arbitrary: tuple(
      constantFrom('Cookie', 'Sec-A', 'X-HTTP-Method-Override', 'DPR', 'Save-Data', 'User-Agent'),
      constantFrom('1', 'on', 'TRACE', 'PUT'),
    ),
  },
)

const common = constantFrom<Header>(
  ['x-a', '1'],
  ['x-b', '1'],
  ['content-type', 'application/json'],
  ['Authorization', '1'],
)

/** Nine safelisted headers of 128 bytes: more than the 1024 that all of them may have together. */
const crowd: readonly Header[] = Array.from({ length: 9 }, () => ['Accept', 'x'.repeat(128)])

const init: fc.Arbitrary<Omit<FetchRequest, 'url'>> = record({
  method,
  headers: oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: common.map((each) => [each]) },
    { weight: 5, arbitrary: array(header, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant(crowd) },
  ),
  credentials: constantFrom<CredentialsMode>('include', 'same-origin', 'omit'),
  useCorsPreflight: constantFrom(false, false, false, true),
  body: constantFrom(undefined, undefined, undefined, 'x', { stream: 'x' }),
  // Of GET and HEAD the API throws where they have a body.
  isCareless: constantFrom(...Array(9).fill(false), true),
}).map(({ body, isCareless, ...rest }) => {
  const hasBody = body !== undefined && (isCareless || (rest.method !== 'GET' && rest.method !== 'HEAD'))
  return hasBody ? { ...rest, body } : rest
})

/** One fetch of a page. */
export interface Visit {
  readonly origin: string
  readonly path: string
  readonly query: string
  readonly init: Omit<FetchRequest, 'url'>
  /** Seconds since the visit before. */
  readonly after: number
}

export interface Scene extends Setting {
  readonly visits: readonly Visit[]
}

const draft = record({
  page: fc.nat(3),
  place: fc.nat(2),
  query: constantFrom('', '', '?q'),
  init,
  after: constantFrom(0, 0, 0, 0, 0, 0, 1, 4, 5, 599, 600, 7200),
})

/** Few pages, few URLs, one browser: what one preflight left in the cache, the next request meets. */
export function scene(longest: number, within: fc.Arbitrary<Setting> = setting): fc.Arbitrary<Scene> {
  return tuple(within, array(draft, { minLength: 1, maxLength: longest, size: 'max' })).map(([drawn, drafts]) => ({
    ...drawn,
    visits: drafts.map(({ page, place, ...rest }) => ({
      ...rest,
      origin: drawn.origins[page % drawn.origins.length] ?? 'null',
      path: drawn.paths[place % drawn.paths.length] ?? '/',
    })),
  }))
}
