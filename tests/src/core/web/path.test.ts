import assert from 'node:assert/strict'
import fc from 'fast-check'
import FindMyWay from 'find-my-way'
import { canonicalPath, isCanonicalPath, type RouterOptions } from '../../../../packages/core/dist/web/path.js'
import { decodedWholly, foldedAsRouted, isAmbiguous, routersPath } from '../../support/by-router.js'
import { trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { isQuick } from '../../support/time.js'

const text = (value: string): string =>
  value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}… (${value.length})` : JSON.stringify(value)

function accepts(rows: readonly (readonly [url: string, path: string, options?: RouterOptions])[]): Row[] {
  return rows.map(([url, path, options]) => [
    `${text(url)} is ${text(path)}${options ? ` under ${JSON.stringify(options)}` : ''}`,
    () => assert.equal(canonicalPath(url, options), path),
  ])
}

function rejects(urls: readonly string[], options?: RouterOptions): Row[] {
  return urls.map((url) => [`${text(url)} is refused`, () => assert.equal(canonicalPath(url, options), undefined)])
}

table('the path of a request target', [
  // As it stands.
  ...accepts([
    ['/', '/'],
    ['/api/orders', '/api/orders'],
    ['/api/orders/', '/api/orders/'],
    ['//api//orders', '//api//orders'],
    ['/Api', '/Api'],
    ["/a;b,c@d:e&f=g+h$i!j'k(l)m*n~o", "/a;b,c@d:e&f=g+h$i!j'k(l)m*n~o"],
    ['/a b', '/a b'],
    ['/é', '/é'],
    ['/a\ud800b', '/a\ud800b'],
    ['/a:b://c', '/a:b://c'],
  ]),
  // The query ends the path, and so does what should never have been sent, a fragment.
  ...accepts([
    ['/a?b', '/a'],
    ['/a#b?c', '/a'],
    ['/a?b#c', '/a'],
    ['/?', '/'],
    ['/a?x=../..\\%zz%00', '/a'],
    ['/a%20b?x=%zz', '/a b'],
    ['/a;b?c', '/a;b'],
    ['/a;b?c', '/a', { useSemicolonDelimiter: true }],
    ['/a?b;c', '/a', { useSemicolonDelimiter: true }],
    ['/a%3Bb;c', '/a%3Bb', { useSemicolonDelimiter: true }],
    ['/%61;b', '/a', { useSemicolonDelimiter: true }],
  ]),
  // Escapes: decoded as UTF-8, but for the characters that the router keeps escaped.
  ...accepts([
    ['/%61dmin', '/admin'],
    ['/%41', '/A'],
    ['/caf%C3%A9', '/café'],
    ['/%f0%9f%98%80', '/😀'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%2Fb', '/a%2Fb'],
    ['/%23%24%25%26%2b%2c%2f%3a%3b%3d%3f%40', '/%23%24%25%26%2B%2C%2F%3A%3B%3D%3F%40'],
    ['/%21%27%28%29%2A', "/!'()*"],
    ['/%252e', '/%252e'],
    ['/%252E', '/%252E'],
    ['/%2525', '/%2525'],
    ['/%25%35', '/%255'],
    ['/%0A', '/\n'],
    ['/a%3Fb?c', '/a%3Fb'],
    ['/+', '/+'],
  ]),
  // Dots that are no dot segment.
  ...accepts([
    ['/...', '/...'],
    ['/.a', '/.a'],
    ['/..a', '/..a'],
    ['/a.', '/a.'],
    ['/a..', '/a..'],
    ['/.%2E.', '/...'],
    ['/..;', '/..;'],
    ['/.well-known/security.txt', '/.well-known/security.txt'],
    ['/a%252F..b', '/a%252F..b'],
    ['/.well-known', '/.well-known', { useSemicolonDelimiter: true }],
    ['/..a;b', '/..a', { useSemicolonDelimiter: true }],
  ]),
  // Absolute-form (RFC 9112, section 3.2.2).
  ...accepts([
    ['http://h/admin/x?y', '/admin/x'],
    ['HTTPS://h:443/a', '/a'],
    ['http://h', '/'],
    ['http://h?x', '/'],
    ['http://h?x/y', '/'],
    ['http://h/a?http://g/b', '/a'],
    ['http://[::1]:80/a', '/a'],
    ['http://127.0.0.1:/%61', '/a'],
    ['http://h:65535/a', '/a'],
    [`http://${'h'.repeat(255)}:65535/a`, '/a'],
    ['http://h/a;b', '/a', { useSemicolonDelimiter: true }],
    ['http://h//a/', '/a', { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true }],
  ]),
  // The longest, as it stands and decoded.
  ...accepts([
    [`/${'a'.repeat(65_535)}`, `/${'a'.repeat(65_535)}`],
    [`/${'b'.repeat(65_532)}%62`, `/${'b'.repeat(65_533)}`],
  ]),
  // Folds, in the router's order.
  ...accepts([
    ['//a///b//', '/a/b/', { ignoreDuplicateSlashes: true }],
    ['//', '/', { ignoreDuplicateSlashes: true }],
    ['/a%2F%2Fb', '/a%2F%2Fb', { ignoreDuplicateSlashes: true }],
    ['/a/', '/a', { ignoreTrailingSlash: true }],
    ['/a//', '/a/', { ignoreTrailingSlash: true }],
    ['/', '/', { ignoreTrailingSlash: true }],
    ['//a//', '/a', { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true }],
    ['/A/É', '/a/é', { caseSensitive: false }],
    ['/A%2fB%3A%252F', '/a%2Fb%3A%252f', { caseSensitive: false }],
    ['/A', '/A', { caseSensitive: true }],
  ]),
])

table('a target without a canonical path', [
  // No path at all.
  ...rejects([
    '',
    '*',
    '?',
    '#',
    'a',
    'admin',
    '*admin',
    'example.com:443',
    'ftp://h/a',
    'http:/a',
    'http:',
    '://h/a',
    '\u017fttp://h/a',
  ]),
  // An authority that the router refuses, or that has more than one reading.
  ...rejects(['http://', 'http:///a', 'http://?a', 'http://h#/a', 'http://h/a#b', 'http://u@h/a', 'http://:80/a']),
  ...rejects(['http://h:000080/a', `http://${'h'.repeat(256)}:65535/a`]),
  ...rejects(['http://h:x/a', 'http://h:65536/a', 'http://[::1/a', 'http://[]/a', 'http://[::1]x/a', 'http://a\\b/c']),
  ...rejects(['http://a%41/c', 'http://a b/c', 'http://é/c', `http://${'h'.repeat(300)}/`]),
  // Dot segments.
  ...rejects(['/.', '/..', '/./', '/../', '/a/.', '/a/..', '/a/./b', '/a/../b', '/a/..?b', '/a/.#b', '/a/..//b']),
  ...rejects(['/%2e', '/%2E%2e/b', '/a/.%2e/b', '/a/%2e./b', 'http://h/a/../b', '/..%61/../']),
  // Dot segments for those who take an escaped slash, or a backslash, for a slash.
  ...rejects(['/a/..%2Fb', '/a/..%2fb', '/a%2F../b', '/a%2f..', '/a%2F.%2Fb', '/a%2f%2e%2e%2fb', '/%2F..']),
  ...rejects(['/a\\b', '/a%5Cb', '/a%5c..%5cb', '/\\', '\\a', '/a/..\\b']),
  // NUL.
  ...rejects(['/a\0', '/%00', '/a%00b', '/\0?']),
  // Escapes that are none, and bytes that are not UTF-8.
  ...rejects(['/%', '/%4', '/%zz', '/%%25', '/%4%25', '/a%', '/a%u0041', '/%C3', '/%C3%2F', '/%C3a', '/%ff']),
  ...rejects(['/%C0%AE', '/%E0%80%AE', '/%ED%A0%80', '/%F5%80%80%80', '/%A9']),
  // Beyond the bound.
  ...rejects([
    `/${'a'.repeat(65_536)}`,
    `/${'b'.repeat(65_536)}?x`,
    `/${'%41'.repeat(30_000)}`,
    `/${'c'.repeat(65_533)}%63`,
  ]),
])

table(
  'a target whose path ends in a dot segment where ";" is a delimiter',
  rejects(['/a/..;b', '/.;', '/%2e;b'], { useSemicolonDelimiter: true }),
)

const megabyte = 1 << 20
const hostile = [
  ',',
  ' ',
  ':',
  '.',
  '[',
  ']',
  '\0',
  '/',
  '\\',
  '%',
  '%2f',
  '%2fa',
  '%2F.',
  '%25',
  '%41',
  '%C3',
  '%C3%A9',
  '/.',
  '/..a',
  '//',
  '//a/',
  'É',
  '\ud800',
  '\udc00',
  '?',
  '#',
  ';',
  'a',
]
const folding: RouterOptions = {
  caseSensitive: false,
  ignoreTrailingSlash: true,
  ignoreDuplicateSlashes: true,
  useSemicolonDelimiter: true,
}

table('a megabyte of anything takes less than 5 ms and does not throw', [
  ...hostile.flatMap((unit): Row[] =>
    ['', '/', '/%41', 'http://', 'http://h/'].map((start) => [
      `${text(start)} and ${text(unit)} again and again`,
      () => {
        const url = start + unit.repeat(megabyte / unit.length)
        const read = (): void => {
          canonicalPath(url, folding)
          isCanonicalPath(url)
        }
        assert.ok(isQuick(read, 5))
      },
    ]),
  ),
])

const optionsArbitrary = fc.record({
  caseSensitive: fc.boolean(),
  ignoreTrailingSlash: fc.boolean(),
  ignoreDuplicateSlashes: fc.boolean(),
  useSemicolonDelimiter: fc.boolean(),
})

const pieces =
  '/ / / // . .. %2e %2E %2f %2F \\ %5c %00 % %4 %zz %25 %252e %252f %C3%A9 %c3%89 %c3 %ff é É A a b B ab ; %3b ? %3F # %23 + %2B %2b * : :: @ %40 & = $ , - ~ ( ) {'.split(
    ' ',
  )

const pathArbitrary = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces, ' ', '\0', '\ud800', '\udc00') },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

const startArbitrary = fc.oneof(
  { weight: 8, arbitrary: fc.constant('/') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('http://h/', 'HTTPS://h:80/', 'http://[::1]/', 'http://h', 'http://h?', 'http://'),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '*', 'a/', 'ftp://h/', '?') },
)

const targetArbitrary = fc.tuple(startArbitrary, pathArbitrary).map(([start, path]) => start + path)

const runs = { numRuns: trials(5_000) }

table('canonicalPath and the router', [
  [
    'the canonical path is the path of the router; what is refused, the router refuses too, or others could misread',
    () =>
      fc.assert(
        fc.property(targetArbitrary, optionsArbitrary, (url, options) => {
          const path = canonicalPath(url, options)
          const routers = routersPath(url, options)
          if (path !== undefined) {
            // "http://h(": what the router's `new URL` refuses, no route ever gets.
            if (routers === undefined) return assert.ok(!url.startsWith('/'))
            return assert.equal(decodedWholly(path), foldedAsRouted(routers, options))
          }
          const misread = routers !== undefined && isAmbiguous(routers)
          assert.ok(
            routers === undefined || misread || !/^(\/|https?:\/\/(h|\[::1\])(:\d+)?([/?]|$))/i.test(url),
            text(url),
          )
        }),
        runs,
      ),
  ],
  [
    'a static route of that path, and no other, gets the request',
    () =>
      fc.assert(
        fc.property(targetArbitrary, optionsArbitrary, (url, options) => {
          const path = canonicalPath(url, options)
          // A route's text cannot say "*", nor any kept escape but "%25", which it writes "%".
          if (path === undefined || routersPath(url, options) === undefined) return
          const literal = path.replaceAll('%25', '')
          if (literal.includes('*') || literal.includes('%')) return
          // A route's trailing slash is taken off too, so no route is written for what is left of several.
          if (options.ignoreTrailingSlash && path.length > 1 && path.endsWith('/')) return
          const router = FindMyWay({ ...options })
          router.on('GET', path.replaceAll('%25', '%').replaceAll(':', '::'), () => undefined)
          assert.notEqual(router.find('GET', url), null)
          assert.equal(router.find('GET', `${url.startsWith('/') ? '/x' : 'http://h/x'}${url.slice(1)}`), null)
        }),
        runs,
      ),
  ],
  [
    'a canonical path is its own canonical path, under options that fold too',
    () =>
      fc.assert(
        fc.property(targetArbitrary, optionsArbitrary, (url, options) => {
          const path = canonicalPath(url, options)
          if (path === undefined) return
          assert.equal(canonicalPath(path), path)
          assert.ok(isCanonicalPath(path))
          // The router takes off one trailing slash, of however many.
          if (!(options.ignoreTrailingSlash && path.length > 1 && path.endsWith('/'))) {
            assert.equal(canonicalPath(path, options), path)
          }
        }),
        runs,
      ),
  ],
  [
    'isCanonicalPath(path) if and only if canonicalPath(path) === path',
    () =>
      fc.assert(
        fc.property(fc.oneof(targetArbitrary, fc.string({ unit: 'binary' })), (path) => {
          assert.equal(isCanonicalPath(path), canonicalPath(path) === path)
        }),
        runs,
      ),
  ],
  [
    'total: any string, any options',
    () =>
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 200 }), optionsArbitrary, (url, options) => {
          canonicalPath(url, options)
          canonicalPath(`/${url}`, options)
        }),
        runs,
      ),
  ],
])
