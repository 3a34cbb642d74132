/** The URL parser of the browser's model, held against `URL`, which core may not use. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { originOf, parseUrl, requestTarget, serializeUrl } from '../../../../packages/core/dist/browser/url.js'
import { trials } from '../../support/holds.js'
import { table } from '../../support/table.js'

/** What `URL` makes of it, or the model; undefined is failure. */
const theirs = (text: string, base?: string) => {
  if (!URL.canParse(text, base)) return undefined
  const url = new URL(text, base)
  const { href, origin } = url
  // `search` is empty for an empty query too, so the target is what follows the authority
  return { href, origin, target: href.slice(href.indexOf('/', href.indexOf('//') + 2)).replace(/#.*/s, '') }
}
const ours = (text: string, base?: string) => {
  const url = parseUrl(text, base === undefined ? undefined : parseUrl(base))
  return url && { href: serializeUrl(url), origin: originOf(url), target: requestTarget(url) }
}

const { constantFrom, oneof, array, tuple, option } = fc

/** Everything that a part of a URL treats otherwise than a letter. */
const piece = constantFrom(
  ...['a', 'B', '7', '0', '.', '..', '%2e', '%2E.', '/', '//', '\\', ':', '@', '#', ';', '=', '&', '+', '-', '_', '~'],
  ...['%', '%41', '%2f', '%00', '%zz', ' ', '\t', '"', "'", '<', '>', '`', '{', '}', '|', '[', ']', '!', '$', '*', ','],
  ...['ä', '中', '😀', '\ud800', '\x7f', '\x01', '?x', '?'],
)
const parts = array(piece, { maxLength: 8 }).map((list) => list.join(''))
const number = constantFrom(
  '0',
  '1',
  '7',
  '08',
  '010',
  '0x',
  '0xff',
  '0xg',
  '255',
  '256',
  '65536',
  '4294967295',
  '4294967296',
  '',
)
const word = constantFrom(
  '0',
  '1',
  'ab',
  'FFFF',
  '00000',
  '0db8',
  '',
  '1.2.3.4',
  '255.255.255.255',
  '01.2.3.4',
  '256.1.1.1',
  'g',
)
const host = oneof(
  constantFrom(
    'api.example',
    'API.Example.',
    'a_b.example',
    'localhost',
    'a..b',
    '.',
    'xn--mnchen-3ya.example',
    'a%2eb',
    'a%20b',
    '%41.example',
  ),
  array(number, { minLength: 1, maxLength: 5 }).map((list) => list.join('.')),
  array(word, { minLength: 1, maxLength: 9 }).map((list) => `[${list.join(':')}]`),
  tuple(array(word, { maxLength: 4 }), array(word, { maxLength: 4 })).map(
    ([a, b]) => `[${a.join(':')}::${b.join(':')}]`,
  ),
  constantFrom('', 'a b', 'a<b', 'a^b', 'a|b', '[', '[]', '[::1', '::1'),
)
const port = constantFrom('', ':', ':80', ':443', ':0', ':0080', ':65535', ':65536', ':8080', ':x', ':-1')
const user = constantFrom('', '', '', 'me@', 'me:pw@', ':@', '@', 'a@b@', 'a:b:c@', "m'e:p{w@")
const scheme = constantFrom('https:', 'http:', 'HTTP:', ' https:', 'ht\ntps:')
const absolute = tuple(scheme, constantFrom('//', '//', '/', '', '\\\\', '///'), user, host, port, parts).map((list) =>
  list.join(''),
)
const reference = oneof(
  parts,
  absolute,
  tuple(constantFrom('/', '//', '?', '#', './', '../', 'https:', 'http:'), parts).map((list) => list.join('')),
)
const base = constantFrom('https://api.example/a/b?c#d', 'http://me:pw@api.example:8080/', 'https://[::1]/x/')

/** Node 20 escapes no `^` in a path, as the standard has it now; of other schemes the model knows nothing but that. */
function isComparable(text: string, against?: string): boolean {
  if (text.includes('^')) return false
  const protocol = URL.canParse(text, against) ? new URL(text, against).protocol : 'https:'
  return protocol === 'http:' || protocol === 'https:'
}

/** Hosts outside ASCII are refused here. */
function alike(text: string, against?: string): void {
  try {
    if (isComparable(text, against)) assert.deepEqual(ours(text, against), theirs(text, against))
  } catch (thrown) {
    if (thrown instanceof TypeError && /A-labels/.test(thrown.message)) return
    throw thrown
  }
}

table('a URL of the model is that of the platform', [
  [
    'absolute',
    () =>
      fc.assert(
        fc.property(absolute, (text) => alike(text)),
        { numRuns: trials(20_000) },
      ),
  ],
  ['relative', () => fc.assert(fc.property(reference, base, alike), { numRuns: trials(20_000) })],
  [
    'with and without each part',
    () =>
      fc.assert(
        fc.property(option(parts, { nil: '' }), host, (path, name) => alike(`https://${name}/${path}`)),
        { numRuns: trials(5000) },
      ),
  ],
  [
    'and of its own',
    () =>
      fc.assert(
        fc.property(absolute, (text) => {
          let href: string | undefined
          try {
            href = ours(text)?.href
          } catch {
            return
          }
          if (href !== undefined) assert.equal(ours(href)?.href, href)
        }),
        { numRuns: trials(5000) },
      ),
  ],
])

table('a URL of the model', [
  [
    'of another scheme is known by its scheme alone, and has an opaque origin',
    () => {
      for (const text of ['ftp://a.example/', 'data:,x', 'blob:https://a.example/1', 'custom://a.example/']) {
        const url = parseUrl(text)
        assert.ok(url)
        assert.equal(url.scheme, text.slice(0, text.indexOf(':')))
        assert.equal(originOf(url), 'null')
      }
    },
  ],
  ['needs a base where it is relative', () => assert.equal(parseUrl('/a'), undefined)],
  [
    'with a host outside ASCII is refused, with what to write',
    () => {
      assert.throws(() => parseUrl('https://münchen.example/'), /"münchen\.example" in A-labels/)
      assert.throws(() => parseUrl('https://m%C3%BCnchen.example/'), TypeError)
    },
  ],
  [
    'escapes `^` in a path, as the standard does since 2024',
    () => assert.equal(ours('https://a.example/^?^#^')?.href, 'https://a.example/%5E?^#^'),
  ],
  [
    'is serialized without its fragment on request',
    () => {
      const url = parseUrl('https://a.example/x?y#z')
      assert.equal(url && serializeUrl(url, { excludeFragment: true }), 'https://a.example/x?y')
    },
  ],
])
