/** Origins against origin globs: label by label, and through the index. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  hostSpace,
  labelsOf,
  matchesOrigin,
  OriginPatternIndex,
  originFamily,
  portsToTry,
} from '../../../../packages/core/dist/pattern/origin-index.js'
import { type OriginPattern, parseOriginPattern } from '../../../../packages/core/dist/pattern/origin-pattern.js'
import { type Origin, parseOrigin } from '../../../../packages/core/dist/web/origin.js'
import { picomatchTakes } from '../../support/by-picomatch.js'
import { dice, originFrom } from '../../support/filled.js'
import { origin, originGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { written } from '../../support/plain/words.js'
import { originMatches, originWithin, tupleOf } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

/** An exact origin as a pattern of one, for what is said here holds for it too. */
function patternOf(text: string): OriginPattern {
  const found = parseOriginPattern(text)
  if ('fault' in found) throw new Error(`${text}: ${found.fault}`)
  if (found.kind === 'pattern') return found
  const { port = '' } = parseOrigin(found.text) ?? {}
  return { kind: 'pattern', text, schemes: [found.scheme], hosts: [], literalHosts: [found.host], ports: [port] }
}

function originOf(text: string): Origin {
  const found = parseOrigin(text)
  if (found === undefined) throw new Error(`${text} is no origin`)
  return found
}

function matchRows(glob: string, matched: readonly string[], unmatched: readonly string[]): Row[] {
  const judge = (text: string, expected: boolean): Row => [
    `${glob} ${expected ? 'matches' : 'does not match'} ${text}`,
    () => {
      assert.equal(matchesOrigin(patternOf(glob), originOf(text)), expected)
      const index = new OriginPatternIndex([{ pattern: patternOf(glob), rank: 0, value: 'found' }])
      const { scheme, host, port } = originOf(text)
      assert.equal(index.find({ scheme, host, port }), expected ? 'found' : undefined)
      const located = { text: `<${host}>`, scheme, hostStart: 1, hostEnd: host.length + 1, port }
      assert.equal(index.findAt(located), expected ? 'found' : undefined)
    },
  ]
  return [...matched.map((text) => judge(text, true)), ...unmatched.map((text) => judge(text, false))]
}

table('an origin glob and an origin', [
  // A3, A4, A5, A6, A7: prefix, suffix, part, dot, odd characters.
  ...matchRows(
    'https://*.example.com',
    [
      'https://a.example.com',
      'https://a-b.example.com',
      'https://xn--bcher-kva.example.com',
      "https://a'b.example.com",
      'https://1.example.com',
    ],
    [
      ...[
        'https://example.com',
        'https://a.b.example.com',
        'https://.example.com',
        'https://evilexample.com',
        'https://aexample.com',
      ],
      ...[
        'https://a.example.com.evil.example',
        'https://a.example.com.',
        'https://a.examplexcom',
        'http://a.example.com',
      ],
      ...['https://a.example.com:8443', 'https://a.example.co', 'https://a.example.comm', 'https://a..example.com'],
      ...[
        'https://a.example.com,.evil.example',
        'https://evil.example&.a.example.com',
        'https://a.example.com`.evil.example',
      ],
    ],
  ),
  ...matchRows(
    'https://**.example.com',
    ['https://a.example.com', 'https://a.b.c.example.com'],
    [
      'https://example.com',
      'https://a..example.com',
      'https://a..b.example.com',
      'https://.a.example.com',
      'https://a.b.example.com.',
      'https://a.evilexample.com',
    ],
  ),
  ...matchRows(
    'https://pr-*.example.com',
    ['https://pr-1.example.com', 'https://pr-.example.com', 'https://pr-a-b.example.com'],
    ['https://pr.example.com', 'https://xpr-1.example.com', 'https://pr-1.x.example.com', 'https://pr-1.evil.com'],
  ),
  ...matchRows(
    'https://a*a.example',
    ['https://aa.example', 'https://aba.example'],
    ['https://a.example', 'https://ab.example'],
  ),
  ...matchRows(
    'https://**.*.example',
    ['https://a.b.example', 'https://a.b.c.example'],
    ['https://a.example', 'https://example'],
  ),
  ...matchRows(
    'https://**',
    ['https://a', 'https://a.b', 'https://a.1x'],
    [
      'https://1.2.3.4',
      'https://[::1]',
      'https://a.',
      'https://a.1',
      'https://.',
      'https://..',
      'https://.a',
      'https://a..',
    ],
  ),
  ...matchRows(
    'https://*',
    ['https://localhost'],
    ['https://a.b', 'https://127', 'https://0x7f', 'https://localhost.'],
  ),
  ...matchRows(
    'https://example.*',
    ['https://example.com', 'https://example.0xg'],
    ['https://example.1', 'https://example.0x1', 'https://example.com.'],
  ),
  ...matchRows('https://example.*.', ['https://example.com.'], ['https://example.1.', 'https://example.com']),
  ...matchRows(
    'https://*.example.',
    ['https://a.example.'],
    ['https://a.example', 'https://a.b.example.', 'https://example.'],
  ),
  // Ports.
  ...matchRows(
    'https://a.example:*',
    ['https://a.example', 'https://a.example:1', 'https://a.example:65535', 'https://a.example:80'],
    ['http://a.example', 'https://b.example:1'],
  ),
  ...matchRows(
    'http://localhost:{3000,3001}',
    ['http://localhost:3000', 'http://localhost:3001'],
    ['http://localhost', 'http://localhost:3002'],
  ),
  ...matchRows('https://*.example', ['https://a.example'], ['https://a.example:8443']),
  ...matchRows(
    '{http,https}://**:*',
    ['http://a:1', 'https://a.b'],
    ['ws://a', 'http://127.0.0.1:1', 'http://[::1]:1'],
  ),
  // Addresses: only where they are spelled out.
  ...matchRows(
    'http://127.0.0.{1,2}:*',
    ['http://127.0.0.1', 'http://127.0.0.2:3000'],
    ['http://127.0.0.3', 'http://127.0.0.1.example'],
  ),
  ...matchRows('http://[::1]:*', ['http://[::1]', 'http://[::1]:3000'], ['http://[::2]:3000']),
  // Other schemes.
  ...matchRows('chrome-extension://*', ['chrome-extension://abc'], ['chrome-extension://a.b', 'moz-extension://abc']),
])

function picomatchSays(glob: string, { scheme, host, port }: Origin): boolean {
  const [, schemes = '', hosts = '', ports = ''] = /^(.+?):\/\/(\[.*\]|[^:]*)(?::(.*))?$/.exec(glob) ?? []
  if (!written(schemes).includes(scheme)) return false
  if (ports !== '*' && !written(ports).includes(port)) return false
  return written(hosts).some((each) => {
    if (!each.includes('*')) return each === host
    const isIp = host.startsWith('[') || /(^|\.)(\d+|0x[0-9a-f]*)\.?$/.test(host)
    return !isIp && labelsMatch(each.split('.'), host.split('.'))
  })
}

function labelsMatch(patterns: readonly string[], labels: readonly string[]): boolean {
  if (patterns[0] === '**') {
    const rest = patterns.slice(1)
    const [taken, left] = [labels.slice(0, labels.length - rest.length), labels.slice(labels.length - rest.length)]
    return taken.length > 0 && !taken.includes('') && labelsMatch(rest, left)
  }
  return (
    patterns.length === labels.length &&
    // A trailing dot is an empty label that is written; no other is empty.
    patterns.every((pattern, i) => (pattern === '' ? labels[i] === '' : picomatchTakes(pattern, labels[i] ?? '')))
  )
}

/** Close to each other: nearly all of one scheme, without a port. */
const near = originGlob.map((glob) =>
  /^app:|\[|\d/.test(glob) ? glob : glob.replace(/^http:/, 'https:').replace(/:(3000|8443)$/, ''),
)
/** Closer still: nearly all under one domain. */
const siblings = near.map((glob) => glob.replace(/(b\.|exa_mple\.)example$|localhost$/, 'example'))
const globs = fc.uniqueArray(near, { minLength: 1, maxLength: 6 })
const odd = fc.constantFrom(
  'https://a.b.example:3000',
  'https://b.example.',
  'https://x.a.b',
  'http://a',
  'https://..',
  'https://a.b..example.',
)
const origins = fc.array(fc.oneof(origin, odd), { minLength: 5, maxLength: 5 })

table('origin globs at random', [
  [
    'label by label, spelled out, and by picomatch, the answer is the same; the index finds the match of lowest rank',
    () => {
      const seen = { checks: 0, matches: 0, found: 0 }
      fc.assert(
        fc.property(globs, origins, dice, fc.integer(), (texts, drawn, thrown, seed) => {
          const requested = [...drawn, ...texts.map((glob) => originFrom(glob, thrown))]
          const patterns = texts.map(patternOf)
          const ranks = patterns.map((_, i) => (i * 7 + Math.abs(seed % 1000)) % 1009)
          const index = new OriginPatternIndex(
            patterns.map((pattern, i) => ({ pattern, rank: ranks[i] ?? 0, value: texts[i] })),
          )
          for (const text of requested) {
            const parsed = parseOrigin(text)
            if (parsed === undefined) continue
            const tuple = tupleOf(text)
            assert.ok(tuple !== undefined)
            const matching = texts.filter((glob) => originMatches(glob, tuple))
            for (const [i, pattern] of patterns.entries()) {
              seen.checks++
              const expected = matching.includes(texts[i] ?? '')
              if (expected) seen.matches++
              assert.equal(matchesOrigin(pattern, parsed), expected, `${pattern.text} ${text}`)
              assert.equal(picomatchSays(pattern.text, parsed), expected, `${pattern.text} ${text}, picomatch`)
            }
            const first = texts.filter((glob) => matching.includes(glob)).sort((a, b) => rankOf(a) - rankOf(b))[0]
            if (first !== undefined) seen.found++
            assert.equal(index.find(parsed), first, `${texts} ${text}`)
          }
          function rankOf(glob: string): number {
            return ranks[texts.indexOf(glob)] ?? 0
          }
        }),
        { numRuns: trials(6000) },
      )
      assert.ok(
        seen.checks > least(100_000) && seen.matches > least(15_000) && seen.found > least(10_000),
        JSON.stringify(seen),
      )
    },
  ],
  [
    'covers is what all hosts, schemes and ports that the two tell apart say',
    () => {
      const seen = { covered: 0, not: 0 }
      fc.assert(
        fc.property(siblings, siblings, (wide, narrow) => {
          const expected = originWithin(narrow, wide)
          seen[expected ? 'covered' : 'not']++
          assert.equal(originFamily.covers(patternOf(wide), patternOf(narrow)), expected, `${wide} over ${narrow}`)
        }),
        { numRuns: trials(3000) },
      )
      assert.ok(seen.covered > least(20) && seen.not > least(1000), JSON.stringify(seen))
    },
  ],
  [
    'a witness is an origin as it is sent, which both match and none of the others; without one they have nothing in common',
    () => {
      const seen = { found: 0, none: 0 }
      fc.assert(
        fc.property(
          siblings,
          siblings,
          fc.array(siblings, { maxLength: 2 }),
          origins,
          dice,
          (a, b, others, drawn, thrown) => {
            const samples = [...drawn, originFrom(a, thrown), originFrom(b, thrown)]
            const witness = originFamily.witness(patternOf(a), patternOf(b), others.map(patternOf))
            const inAll = (text: string): boolean => {
              const tuple = tupleOf(text)
              if (tuple === undefined) return false
              return (
                originMatches(a, tuple) && originMatches(b, tuple) && !others.some((glob) => originMatches(glob, tuple))
              )
            }
            if (witness === undefined) {
              seen.none++
              for (const sample of samples) assert.ok(!inAll(sample), `${a} ${b} without ${others}: ${sample}`)
              return
            }
            seen.found++
            assert.ok(parseOrigin(witness) !== undefined && inAll(witness), `${a} ${b} without ${others}: ${witness}`)
            assert.ok(!originFamily.plainlyDisjoint(patternOf(a), patternOf(b)), `${a} ${b}`)
          },
        ),
        { numRuns: trials(8000) },
      )
      assert.ok(seen.found > least(200) && seen.none > least(500), JSON.stringify(seen))
    },
  ],
])

table('the space of hosts', [
  [
    'has an empty label only behind the last dot, and no number there',
    () => {
      const places: readonly (readonly [string, number])[] = [
        ['', 0],
        ['', 1],
        ['1', 0],
        ['1', 1],
        ['a', 0],
        ['a', 1],
      ]
      assert.deepEqual(
        places.map(([label, place]) => hostSpace.admits(label, place)),
        [true, false, false, true, true, true],
      )
    },
  ],
])

table('origins that patterns have in common', [
  ...(
    [
      [['https://{x,y}.example', 'https://*.example'], [], 'https://x.example'],
      [['https://{x,y}.example', 'https://*.example'], ['https://{x,z}.example'], 'https://y.example'],
      [['https://{x,y}.example', 'https://*.example'], ['https://{x,y}.example'], undefined],
      [['https://{x,y}.example', 'https://{y,z}.example'], [], 'https://y.example'],
      [['https://*.example:*', 'https://*.example:{8080,8081}'], ['https://*.example:8080'], 'https://x.example:8081'],
      [
        ['https://*.example:*', 'https://*.example:*'],
        ['https://*.example:8080', 'https://**.example'],
        'https://x.example:8081',
      ],
    ] as const
  ).map(
    ([[a, b], others, expected]): Row => [
      `${a} and ${b}${others.length === 0 ? '' : ` but not ${others.join(', ')}`}: ${expected}`,
      () => assert.equal(originFamily.witness(patternOf(a), patternOf(b), others.map(patternOf)), expected),
    ],
  ),
  [
    'are covered where all ports are',
    () => {
      const [two, others, one] = ['{1,2}', '{2,3}', '2'].map((ports) => patternOf(`https://*.a.example:${ports}`))
      assert.ok(two && others && one)
      const verdicts = [originFamily.covers(two, others), originFamily.covers(two, one), originFamily.covers(one, two)]
      assert.deepEqual(verdicts, [false, true, false])
    },
  ],
  [
    'have one of the ports that they name, none, or one that nobody names; and never the default of their scheme',
    () => {
      const named = (text: string) => [patternOf(text)]
      assert.deepEqual(portsToTry('http', named('http://a.example:{8080,1}')), ['', '8080', '1', '8081'])
      assert.deepEqual(portsToTry('http', named('https://a.example:{80,8080}'), new Set(['8081'])), [
        '',
        '8080',
        '8082',
      ])
      assert.deepEqual(portsToTry('https', named('http://*.example:{443,1}')), ['', '1', '8080'])
      assert.deepEqual(portsToTry('https', named('http://*.example:*'), new Set(['8080'])), ['', '8081'])
    },
  ],
  [
    'are not told where the patterns between them are too many to look through',
    () => {
      const others = Array.from({ length: 200 }, (_, i) => patternOf(`https://a${i}*b.example`))
      const wide = patternOf('https://*.example')
      assert.equal(originFamily.witness(wide, patternOf('https://*x.example'), others), 'too-complex')
    },
  ],
  [
    'and are found by either scheme, whichever is written first',
    () => {
      for (const text of ['{https,http}://*.a.example', '{http,https}://*.a.example']) {
        const index = new OriginPatternIndex([{ pattern: patternOf(text), rank: 0, value: text }])
        for (const scheme of ['http', 'https']) {
          const found = parseOrigin(`${scheme}://x.a.example`)
          assert.ok(found !== undefined)
          assert.equal(index.find(found), text)
        }
      }
    },
  ],
])

table('labels', [
  [
    'a host is cut into labels from the right',
    () => assert.deepEqual(labelsOf('a.b.example.'), ['', 'example', 'b', 'a']),
  ],
  ['an IPv6 address is one label', () => assert.deepEqual(labelsOf('[2001:db8::1]'), ['[2001:db8::1]'])],
])
