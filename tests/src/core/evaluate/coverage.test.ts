/** Whether a grant covers a method and the names of request headers. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type GrantDocument, type Reason } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

const origin = 'https://a.example'

type Asked = readonly [method: string, headers: string | undefined, reason: Reason]

const shown = (text: string | undefined): string =>
  text === undefined ? 'none' : JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}… ${text.length}` : text)

/** Each asked twice: what was covered once is remembered. */
function rows(
  about: string,
  grant: Partial<GrantDocument>,
  asked: readonly Asked[],
  servedMethods?: readonly string[],
): Row[] {
  const allow = [{ origins: [origin], ...grant }]
  const policy = compilePolicy({ version: 1, rules: [{ id: 'r', paths: ['/**'], allow }] })
  return asked.map(([requestMethod, requestHeaders, reason]) => [
    `${about}: ${shown(requestMethod)}, ${shown(requestHeaders)} is ${reason}`,
    () => {
      const served = servedMethods === undefined ? {} : { servedMethods }
      const headers = requestHeaders === undefined ? {} : { requestHeaders }
      const request = { method: 'OPTIONS', path: '/', origin, requestMethod, ...headers, ...served }
      assert.equal(evaluate(policy, request).reason, reason)
      assert.equal(evaluate(policy, request).reason, reason)
    },
  ])
}

table('methods', [
  ...rows('three by default', {}, [
    ['GET', undefined, 'allowed'],
    ['HEAD', undefined, 'allowed'],
    ['POST', undefined, 'allowed'],
    ['PUT', undefined, 'method-not-allowed'],
    ['get', undefined, 'method-not-allowed'],
    ['*', undefined, 'method-not-allowed'],
    ['', undefined, 'method-malformed'],
    ['G T', undefined, 'method-malformed'],
    ['x'.repeat(64), undefined, 'method-not-allowed'],
    ['x'.repeat(65), undefined, 'method-malformed'],
  ]),
  ...rows('all', { methods: ['*'] }, [
    ['PUT', undefined, 'allowed'],
    ['patch', undefined, 'allowed'],
    ['*', undefined, 'allowed'],
    ['TRACE', undefined, 'method-not-allowed'],
    ['connect', undefined, 'method-not-allowed'],
    ['P T', undefined, 'method-malformed'],
  ]),
  ...rows('what is served', { methods: 'served' }, [['GET', undefined, 'method-not-allowed']]),
  ...rows(
    'what is served',
    { methods: 'served' },
    [
      ['HEAD', undefined, 'allowed'],
      ['PUT', undefined, 'allowed'],
      ['POST', undefined, 'method-not-allowed'],
      ['TRACE', undefined, 'method-not-allowed'],
    ],
    ['GET', 'PUT', 'TRACE'],
  ),
  ...rows(
    'what is served, GET not among it',
    { methods: 'served' },
    [['HEAD', undefined, 'method-not-allowed']],
    ['PUT'],
  ),
  ...rows(
    'what is listed, whatever is served',
    { methods: ['PUT'] },
    [['DELETE', undefined, 'method-not-allowed']],
    ['DELETE'],
  ),
])

table('request headers', [
  ...rows('none by default', {}, [
    ['GET', undefined, 'allowed'],
    ['GET', '', 'allowed'],
    ['GET', ' , ,', 'allowed'],
    ['GET', 'x-a', 'request-headers-not-allowed'],
    ['GET', 'x a', 'request-headers-malformed'],
    ['GET', 'x-a,x a', 'request-headers-malformed'],
    ['GET', '*', 'request-headers-not-allowed'],
  ]),
  ...rows('listed', { requestHeaders: ['x-a', 'X-B'] }, [
    ['GET', 'x-a', 'allowed'],
    ['GET', 'X-A , x-b', 'allowed'],
    ['GET', 'x-a,x-c', 'request-headers-not-allowed'],
    ['GET', 'x-c,x-a', 'request-headers-not-allowed'],
    ['GET', 'x-', 'request-headers-not-allowed'],
    ['GET', 'x-aa', 'request-headers-not-allowed'],
    ['GET', Array(128).fill('x-a').join(), 'allowed'],
    ['GET', Array(129).fill('x-a').join(), 'request-headers-malformed'],
    ['GET', `${' '.repeat(8189)}x-a`, 'allowed'],
    ['GET', `${' '.repeat(8190)}x-a`, 'request-headers-malformed'],
  ]),
  ...rows('all', { requestHeaders: ['*'] }, [
    ['GET', 'x-a,x-b', 'allowed'],
    ['GET', 'a', 'allowed'],
    ['GET', 'x,y', 'allowed'],
    ['GET', 'authorization', 'request-headers-not-allowed'],
    ['GET', 'x-a,Authorization', 'request-headers-not-allowed'],
    ['GET', 'authorizatiom', 'allowed'],
    ['GET', 'authorizations', 'allowed'],
    ['GET', 'x-authorizatio', 'allowed'],
    ['GET', '*', 'request-headers-not-allowed'],
    ['GET', 'x,*', 'request-headers-not-allowed'],
    ['GET', '**', 'allowed'],
    ['GET', '*x', 'allowed'],
  ]),
  ...rows('all, authorization too', { requestHeaders: ['*', 'authorization'] }, [
    ['GET', 'authorization,x-a', 'allowed'],
    ['GET', '*', 'allowed'],
  ]),
  ...rows('all, with credentials', { requestHeaders: ['*', 'authorization'], credentials: true }, [
    ['GET', 'authorization,x-a', 'allowed'],
    ['GET', '*', 'request-headers-not-allowed'],
  ]),
])
