/** Every rule: what it fires on, what it leaves alone, and that its witness and its fix are what they are said to be. */
import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import {
  type CorsRequest,
  checkPolicy,
  compilePolicy,
  type Decision,
  type Diagnostic,
  diagnosticCodes,
  evaluate,
  type GrantDocument,
  type PolicyDocument,
  type RuleDocument,
} from '@safeconduct/core'
import { compare, lint } from '@safeconduct/core/analysis'
import { applyFixes, parsePolicy } from '@safeconduct/core/text'
import { designDocument } from '../../support/shop.js'
import { filesIn, importsOf, read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

/** A grant stands for a rule with it, rules for a policy. */
type Part = GrantDocument | readonly RuleDocument[] | PolicyDocument

function documentOf(part: Part): PolicyDocument {
  if ('version' in part) return part
  if (Array.isArray(part)) return { version: 1, rules: part }
  return { version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [part as GrantDocument] }] }
}

const today = '2026-06-15'

function raised(part: Part, code: string): Diagnostic[] {
  return lint(documentOf(part), { today }).filter((d) => d.code === code)
}

/** `severity pointer`, the grant's own pointer left out. */
function places(found: readonly Diagnostic[]): string[] {
  return found.map(({ severity, pointer }) => `${severity} ${pointer.replace('/rules/0/allow/0', '')}`)
}

interface Expected {
  /** Whether the witness of a finding is decided as its sentence claims. Undefined where no request can show it. */
  readonly shows: ((decision: Decision, request: CorsRequest, found: Diagnostic) => boolean) | undefined
  readonly fires: readonly (readonly [sentence: string, part: Part, ...places: string[]])[]
  readonly silent: readonly (readonly [sentence: string, part: Part])[]
}

const isAllowed = (decision: Decision): boolean => decision.kind !== 'non-cors' && decision.allowed
const shares = ({ headers }: Decision): boolean => headers['access-control-allow-credentials'] === 'true'
const refuses =
  (reason: Decision['reason']) =>
  (decision: Decision): boolean =>
    decision.reason === reason

const shop = 'https://shop.example.com'
const id = 'chrome-extension://ehjpbcdbmjlkfnaanoigcmbgofpkhlid'
const uuid = 'moz-extension://2c127fa4-62c7-4e4f-90e5-472b45eecfdc'
const withCookies = (...origins: string[]): GrantDocument => ({ origins, credentials: true })
const anonymous = (...origins: string[]): GrantDocument => ({ origins })
const rule = (name: string, ...paths: string[]): RuleDocument => ({ id: name, paths, allow: [] })
const accepting = (code: string, grant: GrantDocument, until?: string): GrantDocument => ({
  ...grant,
  accept: [{ code, because: 'a reason', ...(until === undefined ? {} : { until }) }],
})

const expected: Readonly<Record<string, Expected>> = {
  'subdomain-wildcard-with-credentials': {
    shows: (decision, { origin }) => isAllowed(decision) && shares(decision) && /\bforgotten\b/.test(origin ?? ''),
    fires: [
      ['one label', withCookies('https://*.example.com'), 'warning /origins/0'],
      ['any number of labels', withCookies(shop, 'https://**.shop.example.com'), 'warning /origins/1'],
      ['a label in the middle', withCookies('https://www.*.example.com'), 'warning /origins/0'],
      ['both schemes', accepting('insecure-origin', withCookies('{http,https}://*.example.com')), 'warning /origins/0'],
      ['an intranet', withCookies('https://*.corp'), 'warning /origins/0'],
      [
        'in a group',
        {
          version: 1,
          origins: { web: [shop, 'https://*.example.com'] },
          rules: [{ id: 'api', paths: ['/api'], allow: [withCookies('@web')] }],
        },
        'warning /origins/web/1',
      ],
    ],
    silent: [
      ['without credentials', anonymous('https://*.example.com')],
      ['a wildcard within a label', withCookies('https://pr-*.preview.example.com')],
      ['alternatives', withCookies('https://{www,m}.example.com')],
      ['another scheme', withCookies('app://*.example.com')],
      ['below loopback', withCookies('https://*.localhost')],
      ['below loopback with a dot at its end', withCookies('https://*.localhost.')],
      ['a public suffix, which has a code of its own', accepting('public-suffix', withCookies('https://*.github.io'))],
    ],
  },
  'loopback-origin': {
    shows: (decision) => isAllowed(decision) && shares(decision),
    fires: [
      ['a name with a port', withCookies(shop, 'http://localhost:3000'), 'warning /origins/1'],
      ['a name', withCookies('https://localhost'), 'warning /origins/0'],
      ['addresses', withCookies('http://127.0.0.1:8080', 'http://[::1]'), 'warning /origins/0', 'warning /origins/1'],
      ['any port', withCookies('http://localhost:*'), 'warning /origins/0'],
      ['several ports', withCookies('http://localhost:{3000,3001}'), 'warning /origins/0'],
      ['names below it', withCookies('https://*.localhost:3000'), 'warning /origins/0'],
      ['names below it with a dot at their end', withCookies('https://*.localhost.'), 'warning /origins/0'],
    ],
    silent: [
      ['without credentials', anonymous('http://localhost:3000', 'https://localhost')],
      ['shells that borrow the name', withCookies('capacitor://localhost', 'ionic://localhost', 'tauri://localhost')],
      ['a name that only begins so', withCookies('https://localhost.example.com')],
    ],
  },
  'any-port': {
    shows: (decision, { origin }) => isAllowed(decision) && (origin ?? '').endsWith(':8443'),
    fires: [
      ['with credentials', withCookies('https://shop.example.com:*'), 'warning /origins/0'],
      ['without credentials', anonymous('https://shop.example.com:*'), 'info /origins/0'],
      ['with a wildcard', withCookies('https://pr-*.example.com:*'), 'warning /origins/0'],
      ['an address', anonymous('https://10.0.0.1:*'), 'info /origins/0'],
    ],
    silent: [
      [
        'loopback',
        withCookies('http://localhost:*', 'http://127.0.0.1:*', 'http://*.localhost:*', 'http://*.localhost.:*'),
      ],
      ['listed ports', withCookies('https://shop.example.com:{8443,9443}')],
    ],
  },
  'shared-hosting-origin': {
    shows: isAllowed,
    fires: [
      ['a playground, with credentials', withCookies('https://codepen.io'), 'warning /origins/0'],
      ['a playground, without', anonymous(shop, 'https://jsfiddle.net'), 'info /origins/1'],
      ['an object store addressed by path', withCookies('https://storage.googleapis.com'), 'warning /origins/0'],
      [
        'a region of one',
        withCookies('https://s3.eu-central-1.amazonaws.com', 'https://s3-us-west-2.amazonaws.com'),
        'warning /origins/0',
        'warning /origins/1',
      ],
      ['what a wildcard takes in', withCookies('https://*.jsbin.com'), 'warning /origins/0'],
    ],
    silent: [
      ['a bucket of its own name', withCookies('https://shop-assets.s3.eu-central-1.amazonaws.com')],
      ["a customer's own name", withCookies('https://shop-3f2a.vercel.app', 'https://shop.github.io')],
      ['a name that looks like it', withCookies('https://codepen.io.example.com')],
      ['a scheme that is not of the web', withCookies('app://codepen.io')],
    ],
  },
  'extension-origin': {
    shows: isAllowed,
    fires: [
      ['every extension', withCookies('chrome-extension://*'), 'warning /origins/0'],
      ['every extension, without credentials', anonymous('moz-extension://*'), 'info /origins/0'],
      ['one installation', anonymous(uuid), 'warning /origins/0'],
      ['an id that is none', anonymous('chrome-extension://my-extension'), 'warning /origins/0'],
    ],
    silent: [
      ['an id', withCookies(id)],
      ['alternatives', withCookies(`${id.slice(0, 19)}{${id.slice(19)},${id.slice(19).replaceAll('e', 'f')}}`)],
      ['other schemes', withCookies('app://*', 'vscode-webview://*')],
    ],
  },
  'trailing-dot-host': {
    shows: (decision, { origin }) => isAllowed(decision) && /\.(:\d+)?$/.test(origin ?? ''),
    fires: [
      ['a host', anonymous('https://shop.example.com.'), 'warning /origins/0'],
      ['a host with a port', anonymous('https://shop.example.com.:8443'), 'warning /origins/0'],
      ['a glob', withCookies('https://pr-*.example.com.:{8443,9443}'), 'warning /origins/0'],
    ],
    silent: [
      ['a host without', anonymous(shop)],
      ['where both are listed', anonymous(`${shop}.`, shop)],
      ['where a glob of the grant covers the other', anonymous('https://shop.example.com.', 'https://*.example.com')],
    ],
  },
  'confusable-origin': {
    shows: isAllowed,
    fires: [
      ['Cyrillic among Latin letters', anonymous('https://xn--pple-43d.com'), 'warning /origins/0'],
      ['Cyrillic that all looks Latin', anonymous('https://www.xn--80ak6aa92e.com'), 'warning /origins/0'],
      ['Greek among Latin letters, in a glob', anonymous('https://*.xn--ggle-0nda.com'), 'warning /origins/0'],
      [
        'rn for m',
        withCookies('https://exarnple.com', 'https://example.com', 'https://www.example.com'),
        'warning /origins/0',
      ],
      ['a digit for a letter', withCookies(shop, 'https://examp1e.com'), 'warning /origins/1'],
      ['a letter less', withCookies('https://contoso-shop.com', 'https://contso-shop.com'), 'warning /origins/1'],
      ['two letters swapped', withCookies('https://contoso.co.uk', 'https://cotnoso.co.uk'), 'warning /origins/1'],
      [
        'one that another rule names',
        [
          { id: 'a', paths: ['/a'], allow: [anonymous('https://contoso.com')] },
          { id: 'b', paths: ['/b'], allow: [withCookies('https://contosso.com')] },
        ],
        'warning /rules/1/allow/0/origins/0',
      ],
    ],
    silent: [
      [
        'German, Russian and Japanese names',
        anonymous('https://xn--bcher-kva.example', 'https://xn--e1afmkfd.com', 'https://xn--r8jz45g.jp'),
      ],
      ['numbers', withCookies('https://cdn-cluster1.com', 'https://cdn-cluster2.com')],
      [
        'countries and stages',
        withCookies('https://acme-eu.com', 'https://acme-us.com', 'https://acme-uk.com', 'https://acmeqa.com'),
      ],
      ['plurals', withCookies('https://example-service.com', 'https://example-services.com')],
      ['hyphens', withCookies('https://my-company.com', 'https://mycompany.com')],
      ['short names', withCookies('https://ship.com', 'https://shop.com')],
      ['other suffixes', withCookies('https://contoso.com', 'https://contosso.de')],
      ['subdomains', withCookies('https://contract.example.com', 'https://contact.example.com')],
      ['near names without credentials', anonymous('https://contoso.com', 'https://contosso.com')],
      ['hosts without a public suffix', withCookies('https://contoso.corp', 'https://contosso.corp')],
      [
        'names near by chance in a long list',
        withCookies(
          ...Array.from({ length: 100 }, (_, i) => `https://tenant${i}x.com`),
          'https://contoso.com',
          'https://contosso.com',
        ),
      ],
    ],
  },
  'redundant-origin': {
    shows: isAllowed,
    fires: [
      ['an origin under a glob', anonymous('https://pr-7.example.com', 'https://pr-*.example.com'), 'info /origins/0'],
      ['a glob under a glob', anonymous('https://**.example.com', 'https://*.example.com'), 'info /origins/1'],
      [
        'two spellings of one glob',
        anonymous('https://{a,b}.example.com', 'https://{b,a}.example.com'),
        'info /origins/1',
      ],
      ['an origin beside `*`', anonymous('*', shop), 'info /origins/1'],
      [
        'an origin that a group of the grant has too',
        {
          version: 1,
          origins: { web: [shop] },
          rules: [{ id: 'api', paths: ['/api'], allow: [anonymous('@web', shop)] }],
        },
        'info /origins/1',
      ],
      [
        'within a group',
        {
          version: 1,
          origins: { web: ['https://pr-*.example.com', 'https://pr-7.example.com'] },
          rules: [{ id: 'api', paths: ['/api'], allow: [anonymous('@web')] }],
        },
        'info /origins/web/1',
      ],
    ],
    silent: [
      ['other origins', anonymous(shop, 'https://*.shop.example.com', 'https://**.example.org', 'https://example.org')],
      [
        'another scheme or port',
        anonymous('https://*.example.com', 'https://a.example.com:8443', 'app://a.example.com'),
      ],
      [
        'a member of a group, which other grants name as well',
        {
          version: 1,
          origins: { web: [shop] },
          rules: [{ id: 'api', paths: ['/api'], allow: [anonymous('@web', 'https://*.example.com')] }],
        },
      ],
      [
        'an origin that another grant would take over',
        [
          {
            id: 'api',
            paths: ['/api'],
            allow: [
              anonymous('https://**.example.com', 'https://a.b.example.com'),
              anonymous('https://*.b.example.com'),
            ],
          },
        ],
      ],
      [
        'a glob that another grant would take over',
        [
          {
            id: 'api',
            paths: ['/api'],
            allow: [
              anonymous('https://**.example.com', 'https://x-*.b.example.com'),
              anonymous('https://*.b.example.com'),
            ],
          },
        ],
      ],
      [
        'an origin that an external group could take over',
        {
          version: 1,
          origins: { tenants: { external: true } },
          rules: [
            {
              id: 'api',
              paths: ['/api'],
              allow: [anonymous('https://*.example.com', 'https://a.example.com'), anonymous('@tenants')],
            },
          ],
        },
      ],
    ],
  },
  'method-override-header': {
    shows: (decision, { requestMethod }) => isAllowed(decision) && requestMethod === 'POST',
    fires: [
      [
        'in any case',
        { ...anonymous(shop), methods: ['GET', 'POST'], requestHeaders: ['content-type', 'X-HTTP-Method-Override'] },
        'warning /requestHeaders/1',
      ],
      [
        'under all its names',
        { ...anonymous(shop), requestHeaders: ['x-http-method', 'x-method-override'] },
        'warning /requestHeaders/0',
        'warning /requestHeaders/1',
      ],
      [
        'beside what the router serves',
        { ...anonymous(shop), methods: 'served', requestHeaders: ['x-http-method'] },
        'warning /requestHeaders/0',
      ],
    ],
    silent: [
      [
        'where every method is allowed',
        { ...anonymous(shop), methods: ['*'], requestHeaders: ['x-http-method-override'] },
      ],
      ['where no POST is', { ...anonymous(shop), methods: ['GET'], requestHeaders: ['x-http-method-override'] }],
      ['other headers', { ...anonymous(shop), requestHeaders: ['x-http-version', '*'] }],
    ],
  },
  'wildcard-headers-without-authorization': {
    shows: refuses('request-headers-not-allowed'),
    fires: [
      ['alone', { ...anonymous('*'), requestHeaders: ['*'] }, 'info /requestHeaders/0'],
      ['beside others', { ...anonymous(shop), requestHeaders: ['x-a', '*'] }, 'info /requestHeaders/1'],
    ],
    silent: [
      ['with it', { ...anonymous('*'), requestHeaders: ['*', 'Authorization'] }],
      ['with credentials, which has a code of its own', { ...withCookies(shop), requestHeaders: ['*'] }],
      ['names', { ...anonymous('*'), requestHeaders: ['content-type'] }],
    ],
  },
  'wildcard-with-credentials': {
    shows: (decision) => isAllowed(decision) && shares(decision),
    fires: [
      ['methods', { ...withCookies(shop), methods: ['*'] }, 'warning /methods/0'],
      ['request headers', { ...withCookies(shop), requestHeaders: ['x-a', '*'] }, 'warning /requestHeaders/1'],
      [
        'both',
        { ...withCookies(shop), methods: ['*'], requestHeaders: ['*', 'authorization'] },
        'warning /methods/0',
        'warning /requestHeaders/0',
      ],
    ],
    silent: [
      ['without credentials', { ...anonymous(shop), methods: ['*'], requestHeaders: ['*', 'authorization'] }],
      ['what the router serves', { ...withCookies(shop), methods: 'served' }],
    ],
  },
  'json-without-content-type': {
    shows: (decision, { requestHeaders }) =>
      refuses('request-headers-not-allowed')(decision) && requestHeaders === 'content-type',
    fires: [
      ['PUT', { ...anonymous(shop), methods: ['GET', 'PUT'] }, 'warning /methods/1'],
      ['PATCH', { ...anonymous(shop), methods: ['PATCH', 'POST'], requestHeaders: ['x-a'] }, 'warning /methods/0'],
      ['POST, which may be a form', { ...anonymous(shop), methods: ['GET', 'POST'] }, 'info /methods/1'],
    ],
    silent: [
      ['the default methods', { ...anonymous(shop), requestHeaders: ['x-a'] }],
      ['methods without a body', { ...anonymous(shop), methods: ['GET', 'DELETE'] }],
      ['with it, in any case', { ...anonymous(shop), methods: ['PUT'], requestHeaders: ['Content-Type'] }],
      ['with `*`', { ...anonymous(shop), methods: ['PUT'], requestHeaders: ['*', 'authorization'] }],
      ['all methods, and what the router serves', { ...anonymous(shop), methods: 'served' }],
    ],
  },
  'unroutable-method': {
    shows: isAllowed,
    fires: [
      ['a method that nobody knows', { ...anonymous(shop), methods: ['GET', 'ARCHIVE'] }, 'warning /methods/1'],
      ['a registered one', { ...anonymous(shop), methods: ['VERSION-CONTROL'] }, 'warning /methods/0'],
    ],
    silent: [
      [
        'all that Node knows and a browser may send',
        { ...anonymous(shop), methods: METHODS.filter((method) => method !== 'TRACE' && method !== 'CONNECT') },
      ],
      ['`*`', { ...anonymous(shop), methods: ['*'] }],
    ],
  },
  'options-method': {
    shows: (decision) => decision.kind === 'actual' && decision.allowed,
    fires: [['by habit', { ...anonymous(shop), methods: ['GET', 'OPTIONS', 'DELETE'] }, 'info /methods/1']],
    silent: [
      ['for WebDAV', { ...anonymous(shop), methods: ['OPTIONS', 'PROPFIND', 'REPORT'] }],
      ['alone, where it is meant', { ...anonymous(shop), methods: ['OPTIONS'] }],
    ],
  },
  'safelisted-response-header': {
    shows: isAllowed,
    fires: [
      [
        'in any case',
        { ...anonymous(shop), exposedHeaders: ['Content-Type', 'etag', 'last-modified'] },
        'info /exposedHeaders/0',
        'info /exposedHeaders/2',
      ],
    ],
    silent: [
      ['others', { ...anonymous(shop), exposedHeaders: ['etag', 'content-range', 'date'] }],
      ['all', { ...anonymous(shop), exposedHeaders: ['*'] }],
    ],
  },
  'max-age-above-caps': {
    shows: ({ headers }) => Number(headers['access-control-max-age']) > 7200,
    fires: [
      ['a day', { ...anonymous(shop), maxAge: '1d' }, 'info /maxAge'],
      ['a second more', { ...anonymous(shop), maxAge: 7201 }, 'info /maxAge'],
    ],
    silent: [
      ['two hours', { ...anonymous(shop), maxAge: '2h' }],
      ['the default', anonymous(shop)],
    ],
  },
  'unreachable-path': {
    shows: (decision, { path }, { message }) => decision.kind === 'non-cors' && message.includes(path ?? '?'),
    fires: [
      [
        'alternatives that other rules take',
        [rule('all', '/api/{a,b}', '/other'), rule('a', '/api/a'), rule('b', '/api/b')],
        'warning /rules/0/paths/0',
      ],
      [
        'a wildcard whose kinds are all taken',
        [rule('wide', '/x/**'), rule('none', '/x'), rule('one', '/x/*', '/x//**'), rule('more', '/x/*/**')],
        'warning /rules/0/paths/0',
      ],
      ['twice in one rule', [rule('all', '/exports/{csv,pdf}', '/exports/{pdf,csv}')], 'info /rules/0/paths/1'],
      [
        'alternatives that the rule lists itself',
        [rule('all', '/api/{a,b}', '/api/a', '/api/b')],
        'info /rules/0/paths/0',
      ],
    ],
    silent: [
      ['nested globs', [rule('wide', '/api/**'), rule('narrow', '/api/*'), rule('one', '/api/a')]],
      ['alternatives of which one is left', [rule('all', '/api/{a,b,c}'), rule('a', '/api/a'), rule('b', '/api/b')]],
      ['a narrower glob of the same rule', [rule('all', '/api', '/api/**')]],
    ],
  },
  'unused-group': {
    shows: refuses('origin-not-allowed'),
    fires: [
      [
        'origins',
        {
          version: 1,
          origins: { web: ['https://pr-*.example.com', shop] },
          rules: [{ id: 'a', paths: ['/a'], allow: [anonymous('https://a.example')] }],
        },
        'info /origins/web',
      ],
    ],
    silent: [
      [
        'named by a grant',
        { version: 1, origins: { web: [shop] }, rules: [{ id: 'a', paths: ['/a'], allow: [anonymous('@web')] }] },
      ],
      [
        'named by an invariant',
        { version: 1, origins: { web: [shop] }, rules: [], invariants: [{ id: 'a', never: { origins: ['@web'] } }] },
      ],
      [
        'named by a grant with a fault',
        {
          version: 1,
          origins: { web: [shop] },
          rules: [{ id: 'a', paths: ['/a'], allow: [anonymous('@web', 'null')] }],
        },
      ],
    ],
  },
  'unused-accept': {
    shows: undefined,
    fires: [
      ['of a lint rule', accepting('any-port', anonymous(shop)), 'warning /accept/0'],
      ['of the check', accepting('insecure-origin', anonymous(shop)), 'warning /accept/0'],
      [
        'where only another grant has the fault',
        [
          { id: 'a', paths: ['/a'], allow: [anonymous('http://a.example')] },
          { id: 'b', paths: ['/b'], allow: [accepting('insecure-origin', anonymous(shop))] },
        ],
        'warning /rules/1/allow/0/accept/0',
      ],
    ],
    silent: [
      ['an error of the check', accepting('insecure-origin', withCookies('http://a.example'))],
      ['a warning of the check', accepting('public-suffix', anonymous('https://*.vercel.app'))],
      ['an info', accepting('max-age-above-caps', { ...anonymous(shop), maxAge: '1d' })],
      [
        'a path of the rule',
        [{ ...rule('a', '/a/{b,c}', '/a/{c,b}'), allow: [accepting('unreachable-path', anonymous(shop))] }],
      ],
    ],
  },
  'expired-accept': {
    shows: (decision, { origin }) => isAllowed(decision) && origin === 'http://a.example',
    fires: [
      ['yesterday', accepting('insecure-origin', withCookies('http://a.example'), '2026-06-14'), 'warning /accept/0'],
      ['last year', accepting('insecure-origin', anonymous('http://a.example'), '2025-12-31'), 'warning /accept/0'],
    ],
    silent: [
      ['today', accepting('insecure-origin', withCookies('http://a.example'), today)],
      ['no date', accepting('insecure-origin', withCookies('http://a.example'))],
    ],
  },
}

/** The same document as text, so that fixes are tried as they are used. */
function fixed(document: PolicyDocument, found: readonly Diagnostic[]): PolicyDocument {
  return parsePolicy(applyFixes(JSON.stringify(document, null, 2), found, 'json'), { format: 'json' })
}

/** What these tell of does nothing, so that the policy means the same without it. */
const changesNothing = ['redundant-origin', 'unreachable-path', 'unused-group', 'unused-accept', 'max-age-above-caps']

function fireRows([code, { fires, shows }]: [string, Expected]): Row[] {
  return fires.map(
    ([sentence, part, ...at]): Row => [
      `${code}: ${sentence}`,
      () => {
        const document = documentOf(part)
        const found = raised(part, code)
        assert.deepEqual(places(found), at)
        const policy = compilePolicy(document)
        for (const d of found) {
          if (shows === undefined) continue
          assert.ok(d.witness?.method, 'no witness')
          const request = d.witness as CorsRequest
          const decision = evaluate(policy, request)
          assert.ok(shows(decision, request, d), `${d.message}: ${JSON.stringify({ request, decision })}`)
        }
        const cured = found.filter((d) => d.fix !== undefined || d.remove)
        if (cured.length === 0) return
        const after = fixed(document, cured)
        assert.deepEqual(
          checkPolicy(after).filter((d) => d.severity === 'error'),
          [],
        )
        assert.deepEqual(places(raised(after, code)), [], 'the fix does not cure it')
        if (changesNothing.includes(code)) assert.equal(compare(policy, compilePolicy(after)).verdict, 'equivalent')
      },
    ],
  )
}

function silentRows([code, { silent }]: [string, Expected]): Row[] {
  return silent.map(
    ([sentence, part]): Row => [
      `${code}: ${sentence}`,
      () =>
        assert.deepEqual(
          raised(part, code).map((d) => d.message),
          [],
        ),
    ],
  )
}

table('lint fires on', Object.entries(expected).flatMap(fireRows))
table('lint leaves alone', Object.entries(expected).flatMap(silentRows))

table('lint', [
  ['says nothing about the policy that the reference begins with', () => assert.deepEqual(lint(designDocument), [])],
  ['says nothing about an empty policy', () => assert.deepEqual(lint({ version: 1, rules: [] }), [])],
  [
    'gives warnings before infos, each in the order of the text',
    () => {
      const grants = [
        { ...withCookies('https://a.example', 'http://localhost:1'), maxAge: '1d' },
        { ...withCookies('http://localhost:2'), methods: ['*'] },
      ]
      assert.deepEqual(
        lint({ version: 1, rules: [{ id: 'a', paths: ['/a'], allow: grants }] }).map((d) => `${d.severity} ${d.code}`),
        [
          'warning loopback-origin',
          'warning loopback-origin',
          'warning wildcard-with-credentials',
          'info max-age-above-caps',
        ],
      )
    },
  ],
  [
    'tells of a member of a group once, at its worst',
    () => {
      const document: PolicyDocument = {
        version: 1,
        origins: { web: ['https://shop.example.com:*'] },
        rules: [
          { id: 'a', paths: ['/a'], allow: [anonymous('@web')] },
          { id: 'b', paths: ['/b'], allow: [withCookies('@web')] },
        ],
      }
      assert.deepEqual(places(lint(document)), ['warning /origins/web/0'])
    },
  ],
  [
    'waives a member of a group for the grant that accepts it, and for no other',
    () => {
      const document = (second: GrantDocument): PolicyDocument => ({
        version: 1,
        origins: { web: ['https://shop.example.com:*'] },
        rules: [
          { id: 'a', paths: ['/a'], allow: [accepting('any-port', withCookies('@web'))] },
          { id: 'b', paths: ['/b'], allow: [second] },
        ],
      })
      assert.deepEqual(places(lint(document(accepting('any-port', anonymous('@web'))))), [])
      assert.deepEqual(places(lint(document(anonymous('@web')))), ['info /origins/web/0'])
    },
  ],
  [
    'waives what is told of a path, where a grant of its rule accepts it',
    () => {
      const grant = accepting('unreachable-path', anonymous(shop))
      assert.deepEqual(lint(documentOf([{ id: 'a', paths: ['/a/{b,c}', '/a/{c,b}'], allow: [grant] }])), [])
    },
  ],
  [
    'does not repeat what the check warns of',
    () => {
      const document = documentOf(anonymous('http://a.example', 'https://*.vercel.app'))
      assert.equal(checkPolicy(document).length, 2)
      assert.deepEqual(lint(document), [])
    },
  ],
  [
    'gives line and column of a document that came from text',
    () => {
      const text =
        'version: 1\nrules:\n  - id: a\n    paths: [/a]\n    allow:\n      - origins: ["*"]\n        maxAge: 1d\n'
      assert.deepEqual(
        lint(parsePolicy(text, { file: 'a.cors.yaml' })).map((d) => d.position),
        [{ file: 'a.cors.yaml', line: 7, column: 17 }],
      )
    },
  ],
  [
    'passes over rules with an error, and those that name a faulty group, and lints the rest in its place',
    () => {
      const faulty = {
        version: 1,
        unknown: true,
        origins: { web: ['https://Shop.example.com', 'https://a.example:*'], fine: ['https://b.example:*'] },
        rules: [
          { id: 'a', paths: ['/a'], allow: [anonymous('null', 'https://a.example:*')] },
          { id: 'a', paths: ['/b/:id'], allow: [anonymous('https://a.example:*')] },
          { id: 'c', paths: ['/c'], allow: [anonymous('@web')] },
          7,
          { id: 'd', paths: ['/d'], allow: [anonymous('@fine')] },
          { id: 'e', paths: ['/e'], allow: [{ ...anonymous(shop), maxAge: '1d' }] },
        ],
      } as unknown as PolicyDocument
      assert.deepEqual(places(lint(faulty)), ['info /origins/fine/0', 'info /rules/5/allow/0/maxAge'])
    },
  ],
  [
    'has nothing to say about what is no policy',
    () => {
      for (const document of [
        undefined,
        null,
        7,
        'text',
        [],
        {},
        { rules: {} },
        { version: 1, rules: [null], origins: 3 },
      ]) {
        assert.deepEqual(lint(document as unknown as PolicyDocument), [])
      }
    },
  ],
  [
    'shows an origin of a glob that other grants leave to it',
    () => {
      const wide = withCookies('https://**.example.com')
      const rules = [{ id: 'a', paths: ['/a'], allow: [wide, anonymous('https://*.example.com')] }]
      const [found] = lint({ version: 1, rules })
      const origin = found?.witness?.origin ?? ''
      assert.equal(found?.code, 'subdomain-wildcard-with-credentials')
      assert.match(origin, /^https:\/\/[^.]+\.[^.]+.*\.example\.com$/)
      assert.ok(shares(evaluate(compilePolicy({ version: 1, rules }), { method: 'GET', path: '/a', origin })))
    },
  ],
  [
    'shows a rule that only routes name by its name',
    () => {
      const rules = [{ id: 'a', paths: [], allow: [{ ...anonymous(shop), maxAge: '1d' }] }]
      assert.deepEqual(lint({ version: 1, rules })[0]?.witness, {
        path: '/',
        rule: 'a',
        method: 'OPTIONS',
        origin: shop,
        requestMethod: 'GET',
      })
    },
  ],
  [
    'tells of a grant of external origins without a witness',
    () => {
      const rules = [{ id: 'a', paths: ['/a'], allow: [{ ...anonymous('@tenants'), maxAge: '1d' }] }]
      const [found] = lint({ version: 1, origins: { tenants: { external: true } }, rules })
      assert.equal(found?.code, 'max-age-above-caps')
      assert.equal(found?.witness, undefined)
    },
  ],
  [
    'is quick where there is much to lint',
    () => {
      const origins = Array.from({ length: 20 }, (_, i) => `https://tenant-${i}.example.com`)
      const rules = Array.from({ length: 300 }, (_, i) => ({
        id: `r${i}`,
        paths: [`/api/v${i}/**`, `/api/v${i}/{a,b}`],
        allow: [{ ...withCookies(...origins, 'https://*.tenants.example.com'), methods: ['GET', 'PUT'] }],
      }))
      const found = within(5000, () => lint({ version: 1, rules: [...rules, rule('all', '/**')] }))
      assert.equal(found.length, 600)
    },
  ],
])

const folder = 'packages/core/src/analysis/lint'
const files = filesIn(folder, '.ts')
const codes = files.map((file) => file.slice(folder.length + 1, -'.ts'.length))

table('the rules', [
  [
    'are a file each, named after its code, and have rows here',
    () => {
      assert.deepEqual(
        codes.filter((code) => !(diagnosticCodes as readonly string[]).includes(code)),
        [],
      )
      assert.deepEqual(Object.keys(expected).sort(), codes)
    },
  ],
  [
    'have rows that fire and rows that do not',
    () =>
      assert.deepEqual(
        Object.entries(expected).filter(([, { fires, silent }]) => fires.length * silent.length === 0),
        [],
      ),
  ],
  [
    'do not know each other',
    () => {
      for (const file of files) {
        const near = importsOf(read(file)).filter(({ specifier }) => specifier.startsWith('./'))
        assert.deepEqual(near, [], file)
      }
    },
  ],
])
