/** The public suffix list, held against the package that it comes from. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { getPublicSuffix } from 'tldts'
import { isPublicSuffix, publicSuffixBelow } from '../../../../packages/core/dist/pattern/public-suffix.js'
import { publicSuffixList } from '../../../../packages/core/dist/pattern/public-suffix-list.generated.js'
import { trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

/** A second reading of the list: rules as the list's own home writes them, exceptions with `!` in front. */
function rulesOf(list: string): string[] {
  const rules: string[] = []
  const above: string[] = []
  for (const [, label, mark, bracket] of list.matchAll(/([^,()+!]+)([+!]?)(\(?)|\)/g)) {
    if (label === undefined) {
      above.pop()
      continue
    }
    const domain = [label, ...above.toReversed()].join('.')
    if (mark !== '' || bracket === '') rules.push(mark === '!' ? `!${domain}` : domain)
    if (bracket !== '') above.push(label)
  }
  return rules
}

const rules = rulesOf(publicSuffixList)
/** One host for each rule that is not an exception. */
const hosts = rules.filter((rule) => !rule.startsWith('!')).map((rule) => rule.replace('*', 'any-label'))

const suffixOf = (host: string): string | null => getPublicSuffix(host, { allowPrivateDomains: true })
const sameAsTldts = (host: string): void => {
  assert.equal(isPublicSuffix(host), suffixOf(host) === host, host)
}

function accepts(domains: readonly string[]): Row[] {
  return domains.map((domain) => [`${domain} is a public suffix`, () => assert.equal(isPublicSuffix(domain), true)])
}

function rejects(domains: readonly string[]): Row[] {
  return domains.map((domain) => [`'${domain}' is none`, () => assert.equal(isPublicSuffix(domain), false)])
}

table('public suffixes', [
  // The first section: registries.
  ...accepts(['com', 'uk', 'co.uk', 'jp', 'ac.jp', 'tokyo.jp', 'gov.au', 'museum', 'xn--p1ai', 'xn--fiqs8s']),
  // The second: owners who give names away.
  ...accepts(['vercel.app', 'github.io', 'herokuapp.com', 's3.amazonaws.com', 'pages.dev', 'blogspot.com']),
  // Wildcards, their parents, and what is excepted.
  ...accepts(['ck', 'anything.ck', 'kawasaki.jp', 'any.kawasaki.jp', 'a.compute.amazonaws.com']),
  ...rejects(['www.ck', 'city.kawasaki.jp', 'a.any.kawasaki.jp', 'shop.www.ck']),
  // A top-level domain of which only parts are listed.
  ...accepts(['za', 'co.za']),
  // Below one.
  ...rejects(['example.com', 'example.co.uk', 'shop.vercel.app', 'amazonaws.com', 'x.anything.ck']),
  // Not on the list: the default rule is left out.
  ...rejects(['localhost', 'intranet', 'internal', 'lan', 'test', 'example', 'constructor', '__proto__', 'toString']),
  // No domains.
  ...rejects(['', '.', '.com', 'com.', 'a..com', '*', '*.ck', '+', '!', '127.0.0.1', 'COM']),
  [
    'so says tldts of every rule, of its parent and of a name below',
    () => {
      assert.ok(rules.length > 10_000, `${rules.length}`)
      for (const host of hosts) {
        if (host.includes('.')) sameAsTldts(host)
        sameAsTldts(`x9.${host}`)
        sameAsTldts(`y.x9.${host}`)
        const parent = host.slice(host.indexOf('.') + 1)
        if (parent.includes('.')) sameAsTldts(parent)
      }
    },
  ],
  [
    'so says tldts of every exception',
    () => {
      const exceptions = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))
      assert.ok(exceptions.includes('city.kobe.jp'))
      for (const host of exceptions) {
        sameAsTldts(host)
        sameAsTldts(`x9.${host}`)
      }
    },
  ],
  [
    'so says tldts of hosts made of the labels of the list',
    () => {
      const labels = [...new Set(hosts.flatMap((host) => host.split('.')))]
      const host = fc.array(fc.constantFrom(...labels), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'))
      const near = fc.tuple(fc.constantFrom(...labels), fc.constantFrom(...hosts)).map((parts) => parts.join('.'))
      fc.assert(fc.property(fc.oneof(host, near), sameAsTldts), { numRuns: trials(20_000) })
    },
  ],
  [
    'a rule without its first label is one only if it is listed',
    () => {
      for (const tld of new Set(hosts.map((host) => host.slice(host.lastIndexOf('.') + 1)))) {
        assert.equal(isPublicSuffix(tld), true, tld)
      }
    },
  ],
])

const below = (domain: string, suffix: string | undefined): Row => [
  suffix === undefined ? `no suffix lies below ${domain}` : `${suffix} lies below ${domain}`,
  () => assert.equal(publicSuffixBelow(domain), suffix),
]

table('public suffixes below a domain', [
  below('example.com', undefined),
  below('vercel.app', undefined),
  below('localhost', undefined),
  below('ck', 'any.ck'),
  [
    'an exception to a wildcard is none',
    () =>
      assert.equal(
        publicSuffixBelow('ck', (suffix) => suffix !== 'any.ck'),
        undefined,
      ),
  ],
  ['a label that is empty makes none', () => assert.deepEqual(['', '.ck', '.com'].filter(isPublicSuffix), [])],
  below('kawasaki.jp', 'any.kawasaki.jp'),
  [
    'those of amazonaws.com are regions and services',
    () => {
      assert.match(publicSuffixBelow('amazonaws.com') ?? '', /^[a-z0-9-]+\.amazonaws\.com$/)
    },
  ],
  [
    'of every rule, the nearest suffix below each of its parents is one, and no longer than the rule',
    () => {
      for (const host of hosts) {
        const labels = host.split('.')
        for (let i = 1; i < labels.length; i++) {
          const domain = labels.slice(i).join('.')
          const found = publicSuffixBelow(domain) ?? ''
          assert.ok(found.endsWith(`.${domain}`), `${found} below ${domain}`)
          assert.equal(isPublicSuffix(found), true, found)
          assert.ok(found.split('.').length <= labels.length)
        }
      }
    },
  ],
])
