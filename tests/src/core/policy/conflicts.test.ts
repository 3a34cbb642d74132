/** What is said of two globs that both decide: a witness, the globs in question, and what to add so that one decides. */
import assert from 'node:assert/strict'
import { checkPolicy, type Diagnostic } from '@safeconduct/core'
import fc from 'fast-check'
import { originGlob, pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

const ofPaths = (first: readonly string[], second: readonly string[]): Diagnostic[] =>
  checkPolicy({
    version: 1,
    rules: [first, second].map((paths, i) => ({ id: `r${i}`, paths, allow: [] })),
  })

const ofOrigins = (first: readonly string[], second: readonly string[]): Diagnostic[] =>
  checkPolicy({
    version: 1,
    rules: [{ id: 'r', paths: ['/'], allow: [first, second].map((origins) => ({ origins, accept: waived })) }],
  })

const waived = ['insecure-origin', 'public-suffix'].map((code) => ({ code, because: 'a test' }))

function sentences(
  make: typeof ofPaths,
  rows: readonly (readonly [a: string, b: string, ...messages: string[]])[],
): Row[] {
  return rows.map(([a, b, ...messages]) => [
    `${a} and ${b}: ${messages.join('; ') || 'nothing'}`,
    () =>
      assert.deepEqual(
        make([a], [b]).map(({ message }) => message),
        messages,
      ),
  ])
}

table('conflicts of paths', [
  ...sentences(ofPaths, [
    ['/a', '/b'],
    ['/a', '/*'],
    ['/a', '/a', '`/a` means the same paths as `/a` of rule `r0`; keep one'],
    ['/{a,b}/c', '/{b,a}/c', '`/{b,a}/c` means the same paths as `/{a,b}/c` of rule `r0`; keep one'],
    [
      '/a/*',
      '/*/b',
      '`/a/b` matches `/a/*` of rule `r0` and `/*/b` of rule `r1`, and neither is more specific; add `/a/b` to one of them',
    ],
    [
      '/api/**',
      '/**/health',
      '`/api/health` matches `/api/**` of rule `r0` and `/**/health` of rule `r1`, and neither is more specific; add `/api/**/health` to one of them',
    ],
    [
      '/**/a/**',
      '/**/b/**',
      '`/a/b` matches `/**/a/**` of rule `r0` and `/**/b/**` of rule `r1`, and neither is more specific; add `/**/a/**/b/**` and `/**/b/**/a/**` to one of them',
    ],
    [
      '/ab*',
      '/*bc',
      '`/abxbc` matches `/ab*` of rule `r0` and `/*bc` of rule `r1`, and neither is more specific; add `/ab*bc` and `/abc` to one of them',
    ],
    [
      '/.*',
      '/*.',
      '`/.x.` matches `/.*` of rule `r0` and `/*.` of rule `r1`, and neither is more specific; add `/.*.` to one of them',
    ],
    [
      '/**/a/**/b/**',
      '/**/c/**/d/**',
      '`/a/b/c/d` matches `/**/a/**/b/**` of rule `r0` and `/**/c/**/d/**` of rule `r1`, and neither is more specific; no glob says where they overlap; narrow one of them',
    ],
  ]),
])

table('conflicts of origins', [
  ...sentences(ofOrigins, [
    ['https://*.example.com', 'https://**.example.com'],
    ['https://*.a.example', 'https://*.b.example'],
    ['https://*.a.example', 'http://*.a.example'],
    ['https://*.a.example', 'https://*.a.example:8443'],
    ['https://*.a.example', 'https://*.a.example:*'],
    [
      'https://{a,b}.example',
      'https://{b,a}.example',
      '`https://{b,a}.example` means the same origins as `https://{a,b}.example` at /rules/0/allow/0/origins/0, in another grant of this rule; keep one',
    ],
    [
      'https://{a,b}.example',
      'https://{b,c}.example',
      '`https://b.example` matches `https://{a,b}.example` and `https://{b,c}.example` in two grants of this rule, and neither is more specific; add `https://b.example` to one of them',
    ],
    [
      'https://shop.*.example',
      'https://*.eu.example',
      '`https://shop.eu.example` matches `https://shop.*.example` and `https://*.eu.example` in two grants of this rule, and neither is more specific; add `https://shop.eu.example` to one of them',
    ],
    [
      'https://pr-*.example.com',
      'https://*-x.example.com:*',
      '`https://pr-x-x.example.com` matches `https://pr-*.example.com` and `https://*-x.example.com:*` in two grants of this rule, and neither is more specific; add `https://pr-*-x.example.com` and `https://pr-x.example.com` to one of them',
    ],
    [
      'https://a*.example.com:{3000,3001}',
      '{http,https}://*b.example.com:{3001,3002}',
      '`https://axb.example.com:3001` matches `https://a*.example.com:{3000,3001}` and `{http,https}://*b.example.com:{3001,3002}` in two grants of this rule, and neither is more specific; add `https://a*b.example.com:3001` to one of them',
    ],
    [
      '{http,https}://a*.example.com:*',
      '{http,https}://**.example.com',
      '`http://ax.example.com` matches `{http,https}://a*.example.com:*` and `{http,https}://**.example.com` in two grants of this rule, and neither is more specific; add `{http,https}://a*.example.com` to one of them',
    ],
    [
      'http://127.0.0.{1,2}',
      'http://127.0.0.{2,3}',
      '`http://127.0.0.2` matches `http://127.0.0.{1,2}` and `http://127.0.0.{2,3}` in two grants of this rule, and neither is more specific; add `http://127.0.0.2` to one of them',
    ],
    [
      'https://**.a*.example',
      'https://**.*b.example',
      '`https://x.axb.example` matches `https://**.a*.example` and `https://**.*b.example` in two grants of this rule, and neither is more specific; add `https://**.a*b.example` to one of them',
    ],
  ]),
])

/** What a sentence has one add. */
function cures({ message }: Diagnostic): readonly string[] {
  const [, list = ''] = /; add (.*) to one of them$/.exec(message) ?? []
  return [...list.matchAll(/`([^`]+)`/g)].map(([, glob = '']) => glob)
}

function settles(what: string, make: typeof ofPaths, glob: fc.Arbitrary<string>, code: string, usual: number): Row {
  return [
    `at random, what ${what} are told to add settles the matter, on either side`,
    () => {
      const seen = { settled: 0, unsaid: 0 }
      fc.assert(
        fc.property(glob, glob, (a, b) => {
          const conflict = make([a], [b]).find((d) => d.code === code)
          if (conflict === undefined) return
          const added = cures(conflict)
          if (added.length === 0) {
            seen.unsaid++
            return
          }
          seen.settled++
          const errors = [...make([a, ...added], [b]), ...make([a], [b, ...added])].filter(
            (d) => d.severity === 'error',
          )
          assert.deepEqual(errors, [], `${a} ${b} + ${added}`)
        }),
        { numRuns: trials(5000) },
      )
      assert.ok(seen.settled > least(usual) && seen.unsaid < 0.15 * seen.settled, JSON.stringify(seen))
    },
  ]
}

const siblings = originGlob.map((glob) =>
  glob.replace(/^(http|app):/, 'https:').replace(/(b\.|exa_mple\.)example$|localhost$|example\.$/, 'example'),
)

table('cures', [
  settles('rules', ofPaths, pathGlob, 'ambiguous-paths', 200),
  settles('grants', ofOrigins, siblings, 'ambiguous-origins', 60),
])
