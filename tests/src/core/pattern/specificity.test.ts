/** The law of specificity over whole sets of globs, against the law read out on every path. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Verdict } from '../../../../packages/core/dist/pattern/covers.js'
import { originFamily } from '../../../../packages/core/dist/pattern/origin-index.js'
import { type OriginPattern, parseOriginPattern } from '../../../../packages/core/dist/pattern/origin-pattern.js'
import { mayOverlap } from '../../../../packages/core/dist/pattern/overlaps.js'
import { PathIndex, pathFamily } from '../../../../packages/core/dist/pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import {
  type Conflict,
  type Family,
  type Specificity,
  specificity,
} from '../../../../packages/core/dist/pattern/specificity.js'
import { isCanonicalPath } from '../../../../packages/core/dist/web/path.js'
import { originGlob, pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { kindsOfWords, sequences, written } from '../../support/plain/words.js'
import { originMatches, originWithin, pathMatches, pathWithin, tupleOf } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'
import { within } from '../../support/time.js'

function pathPattern(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new Error(`${text}: ${pattern.fault}`)
  return pattern
}

/** Globs by owner. */
type Owners = readonly (readonly string[])[]

interface Item {
  readonly glob: string
  readonly owner: number
}

const itemsOf = (owners: Owners): Item[] => owners.flatMap((globs, owner) => globs.map((glob) => ({ glob, owner })))

function law(owners: Owners): Specificity<string> {
  const items = itemsOf(owners).map(({ glob, owner }) => ({ pattern: pathPattern(glob), owner }))
  return specificity(pathFamily, items, mayOverlap)
}

function shown(owners: Owners, conflict: Conflict<string>): string {
  const items = itemsOf(owners)
  const pair = `${items[conflict.a]?.glob} ${items[conflict.b]?.glob}`
  return conflict.kind === 'ambiguous' ? `${pair}: ${conflict.witness}` : `${pair}: ${conflict.kind}`
}

function conflictRows(rows: readonly (readonly [owners: Owners, ...conflicts: string[]])[]): Row[] {
  return rows.map(([owners, ...conflicts]) => [
    `${owners.map((globs) => globs.join(' + ')).join(' | ')}${conflicts.length === 0 ? ' is settled' : ` has ${conflicts.join(', ')}`}`,
    () =>
      assert.deepEqual(
        law(owners).conflicts.map((conflict) => shown(owners, conflict)),
        conflicts,
      ),
  ])
}

table('conflicts of path globs', [
  ...conflictRows([
    [[[], []]],
    [[['/a'], ['/b']]],
    [[['/**'], ['/a/**'], ['/a/b'], ['/a/*']]],
    [[['/a/*', '/*/b']]],
    [[['/a/*'], ['/*/b']], '/a/* /*/b: /a/b'],
    [[['/a/*'], ['/*/b'], ['/a/b']]],
    [[['/a/*', '/a/b'], ['/*/b']]],
    [[['/a/*'], ['/*/b', '/{a,c}/b']], '/a/* /{a,c}/b: /a/b'],
    [[['/a/*'], ['/*/b', '/c/b']], '/a/* /*/b: /a/b'],
    [[['/api/**'], ['/**/health']], '/api/** /**/health: /api/health'],
    [[['/api/**'], ['/**/health', '/api/**/health']]],
    [[['/**/a/**'], ['/**/b/**']], '/**/a/** /**/b/**: /a/b'],
    [[['/**/a/**', '/**/a/**/b/**'], ['/**/b/**']], '/**/a/** /**/b/**: /b/a'],
    [[['/**/a/**', '/**/a/**/b/**', '/**/b/**/a/**'], ['/**/b/**']]],
    // The settling globs may be anybody's, and are held to the law themselves.
    [[['/a/**'], ['/**/b'], ['/a/**/b'], ['/a/*/b']]],
    [[['/a/**'], ['/**/b'], ['/a/**/b', '/a/x/**'], ['/a/**/y/b']], '/a/x/** /a/**/y/b: /a/x/y/b'],
    // Equal in meaning, however spelled.
    [[['/a'], ['/a']], '/a /a: same'],
    [[['/{a,b}/c'], ['/{b,a}/c']], '/{a,b}/c /{b,a}/c: same'],
    [[['/**/**'], ['/**']], '/**/** /**: same'],
    [[['/{a,ab}*'], ['/a*']], '/{a,ab}* /a*: same'],
    [
      [
        ['/a', '/a'],
        ['/b', '/b'],
      ],
    ],
    // Words that run into each other.
    [[['/ab*'], ['/*bc']], '/ab* /*bc: /abxbc'],
    [[['/ab*'], ['/*bc', '/ab*bc']], '/ab* /*bc: /abc'],
    [
      [
        ['/ab*', '/abc'],
        ['/*bc', '/ab*bc'],
      ],
    ],
    [[['/aba*'], ['/*ba', '/aba*ba']], '/aba* /*ba: /aba'],
    // Empty segments.
    [[['/a/**'], ['/a//*']]],
    [[['/**/'], ['/a/**']], '/**/ /a/**: /a/'],
    [[['/*/**'], ['/**/*']], '/*/** /**/*: /x'],
  ]),
  [
    'the later glob is told of the earlier one',
    () => {
      const { conflicts } = law([['/a/*'], ['/*/b'], ['/*/*']])
      assert.deepEqual(
        conflicts.map(({ a, b }) => [a, b]),
        [[0, 1]],
      )
    },
  ],
])

/** All paths, of up to so many segments, that some globs tell apart. */
function pathsFor(globs: readonly string[], longest: number): readonly string[] {
  const patterns = [...new Set(globs.flatMap((glob) => written(glob).flatMap((each) => each.slice(1).split('/'))))]
  return [
    ...sequences(
      kindsOfWords(patterns, () => false),
      longest,
    ),
  ].map((segments) => `/${segments.join('/')}`)
}

/** The most specific of the globs that match. */
function deciding(items: readonly Item[], path: string): readonly Item[] {
  const matching = items.filter(({ glob }) => pathMatches(glob, path))
  return matching.filter(
    ({ glob }) => !matching.some((other) => pathWithin(other.glob, glob) && !pathWithin(glob, other.glob)),
  )
}

const ownerCount = (items: readonly Item[]): number => new Set(items.map(({ owner }) => owner)).size

const owners: fc.Arbitrary<Owners> = fc.array(fc.array(pathGlob, { minLength: 1, maxLength: 2 }), {
  minLength: 2,
  maxLength: 3,
})

table('the law of specificity on paths, at random', [
  [
    'there is a conflict of two globs iff on some path both are most specific and have different owners',
    () => {
      const seen = { ambiguous: 0, same: 0, settled: 0 }
      fc.assert(
        fc.property(owners, (each) => {
          const items = itemsOf(each)
          const { conflicts } = law(each)
          const told = new Set(conflicts.map(({ a, b }) => `${a} ${b}`))
          for (const conflict of conflicts) {
            const [first, second] = [items[conflict.a], items[conflict.b]]
            assert.ok(first && second && first.owner !== second.owner && conflict.a < conflict.b)
            assert.notEqual(conflict.kind, 'too-complex')
            if (conflict.kind === 'ambiguous') {
              seen.ambiguous++
              const found = deciding(items, conflict.witness)
              assert.ok(
                isCanonicalPath(conflict.witness) && found.includes(first) && found.includes(second),
                shown(each, conflict),
              )
            } else {
              seen.same++
              assert.ok(
                pathWithin(first.glob, second.glob) && pathWithin(second.glob, first.glob),
                shown(each, conflict),
              )
            }
          }
          if (conflicts.length === 0) seen.settled++
          for (const path of pathsFor(
            items.map(({ glob }) => glob),
            3,
          )) {
            const found = deciding(items, path)
            if (ownerCount(found) < 2) continue
            for (const a of found) {
              for (const b of found) {
                const pair = `${items.indexOf(a)} ${items.indexOf(b)}`
                if (items.indexOf(a) < items.indexOf(b) && a.owner !== b.owner)
                  assert.ok(told.has(pair), `${a.glob} ${b.glob} on ${path}`)
              }
            }
          }
        }),
        { numRuns: trials(150) },
      )
      assert.ok(seen.ambiguous > least(25) && seen.settled > least(10), JSON.stringify(seen))
    },
  ],
  [
    'without a conflict, the match of lowest rank has the owner that the law says; of two nested globs the narrower ranks lower',
    () => {
      let decided = 0
      fc.assert(
        fc.property(owners, (each) => {
          const items = itemsOf(each)
          const { ranks, conflicts } = law(each)
          assert.deepEqual(
            [...ranks].sort((a, b) => a - b),
            items.map((_, i) => i),
          )
          if (conflicts.length > 0) return
          for (const [i, a] of items.entries()) {
            for (const [j, b] of items.entries()) {
              const isNarrower = pathWithin(a.glob, b.glob) && !pathWithin(b.glob, a.glob)
              if (isNarrower && a.owner !== b.owner) assert.ok((ranks[i] ?? 0) < (ranks[j] ?? 0), `${a.glob} ${b.glob}`)
            }
          }
          const index = new PathIndex(
            items.map(({ glob, owner }, i) => ({ pattern: pathPattern(glob), rank: ranks[i] ?? 0, value: owner })),
          )
          for (const path of pathsFor(
            items.map(({ glob }) => glob),
            3,
          )) {
            const found = deciding(items, path)
            if (found.length > 0) decided++
            assert.ok(ownerCount(found) < 2)
            assert.equal(index.find(path), found[0]?.owner, `${JSON.stringify(each)} ${path}`)
          }
        }),
        { numRuns: trials(150) },
      )
      assert.ok(decided > least(1500), `${decided}`)
    },
  ],
])

function originPattern(text: string): OriginPattern | undefined {
  const found = parseOriginPattern(text)
  return 'fault' in found || found.kind === 'exact' ? undefined : found
}

table('the law of specificity on origins, at random', [
  [
    'a witness is an origin on which two globs are most specific; without a conflict no listed origin has two owners',
    () => {
      const seen = { ambiguous: 0, settled: 0 }
      const glob = originGlob.filter((text) => originPattern(text) !== undefined)
      fc.assert(
        fc.property(
          fc.array(fc.array(glob, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 }),
          (each) => {
            const items = itemsOf(each)
            const placed = items.map(({ glob: text, owner }) => ({
              pattern: originPattern(text) as OriginPattern,
              owner,
            }))
            const { ranks, conflicts } = specificity(originFamily, placed, mayOverlap)
            const decidingOn = (text: string): readonly Item[] => {
              const tuple = tupleOf(text)
              assert.ok(tuple !== undefined, text)
              const matching = items.filter((item) => originMatches(item.glob, tuple))
              return matching.filter(
                (a) => !matching.some((b) => originWithin(b.glob, a.glob) && !originWithin(a.glob, b.glob)),
              )
            }
            for (const conflict of conflicts) {
              assert.notEqual(conflict.kind, 'too-complex')
              if (conflict.kind !== 'ambiguous') continue
              seen.ambiguous++
              const found = decidingOn(conflict.witness)
              for (const i of [conflict.a, conflict.b])
                assert.ok(found.includes(items[i] as Item), shown(each, conflict))
            }
            if (conflicts.length > 0) return
            seen.settled++
            const hosts = items.flatMap((item) => written(item.glob.replace(/^.*?:\/\/|:[^:\]]*$/g, '')))
            for (const host of hosts.map((text) => text.replace('**', 'a.b').replaceAll('*', 'a'))) {
              for (const text of [`https://${host}`, `http://${host}`, `https://${host}:3000`]) {
                if (tupleOf(text) === undefined) continue
                const found = decidingOn(text)
                assert.ok(ownerCount(found) < 2, `${JSON.stringify(each)} ${text}`)
                const lowest = items
                  .map((item, i) => ({ item, rank: ranks[i] ?? 0 }))
                  .filter(({ item }) => originMatches(item.glob, tupleOf(text) ?? { scheme: '', host: '', port: '' }))
                  .sort((a, b) => a.rank - b.rank)[0]
                assert.equal(lowest?.item.owner, found[0]?.owner, `${JSON.stringify(each)} ${text}`)
              }
            }
          },
        ),
        { numRuns: trials(300) },
      )
      assert.ok(seen.ambiguous > least(8) && seen.settled > least(50), JSON.stringify(seen))
    },
  ],
])

const many = (n: number, make: (i: number) => string): Owners => Array.from({ length: n }, (_, i) => [make(i)])

function settles(
  what: string,
  ms: number,
  each: Owners,
  kinds: readonly (readonly [kind: string, count: number])[],
): Row {
  return [
    `${what}: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'settled'}, soon`,
    () => {
      const { conflicts } = within(ms, () => law(each))
      assert.deepEqual(
        [...new Set(conflicts.map(({ kind }) => kind))].map((kind) => [
          kind,
          conflicts.filter((c) => c.kind === kind).length,
        ]),
        kinds,
      )
    },
  ]
}

const stars = (n: number): string => '/*'.repeat(n)

table('the worst that globs can do', [
  settles(
    'twelve names at any depth',
    30_000,
    many(12, (i) => `/**/x${i}/**`),
    [['ambiguous', 66]],
  ),
  settles(
    'twelve chains of three names at any depth',
    30_000,
    many(12, (i) => `/**/x${i}/**/y${i}/**/z${i}/**`),
    [['ambiguous', 66]],
  ),
  settles(
    'twelve names with twelve stars behind',
    30_000,
    many(12, (i) => `/**/x${i}${stars(12)}/**`),
    [['too-complex', 4]],
  ),
  settles(
    'four globs of 64 sequences and three `**`',
    30_000,
    many(4, (i) => `/{a,b,c,d}/**/{a,b,c,e${i}}/**/{a,b,c,f${i}}/**`),
    [['ambiguous', 6]],
  ),
  settles(
    '3000 names at any depth',
    30_000,
    many(3000, (i) => `/**/name${i}`),
    [],
  ),
  settles(
    '3000 names at any depth, under one tree',
    30_000,
    [['/api/**'], ...many(3000, (i) => `/**/name${i}`)],
    [['ambiguous', 100]],
  ),
  settles('3000 trees under two', 30_000, [['/**'], ['/api/**'], ...many(3000, (i) => `/api/x${i}/**`)], []),
  settles(
    'a thousand globs below a settled overlap',
    30_000,
    [['/x/**'], ['/**/y'], ['/x/**/y'], ...many(1000, (i) => `/x/p${i}/y`)],
    [],
  ),
  settles(
    '3000 globs below an overlap',
    30_000,
    [['/x/**'], ['/**/y'], ...many(3000, (i) => `/x/p${i}/y`)],
    [['ambiguous', 1]],
  ),
  settles(
    '300 affixes below an overlap',
    30_000,
    [['/x/**'], ['/**/y'], ...many(300, (i) => `/x/p${i}*s${i}/y`)],
    [['too-complex', 1]],
  ),
  settles(
    'the longest globs there are',
    30_000,
    [['/a'.repeat(520)], [`/**${'/a'.repeat(500)}`], [`${'/a'.repeat(500)}/**`]],
    [['ambiguous', 1]],
  ),
])

/** Three patterns of which nothing is known but what is said here. */
function familyOf(covers: Readonly<Record<string, Verdict>>): Family<string, string> {
  return {
    language: () => [],
    plainlyDisjoint: () => false,
    covers: (wide, narrow) => covers[`${wide}${narrow}`] ?? false,
    witness: (_a, _b, others) => (others.length === 0 ? 'w' : undefined),
  }
}

const firstTwo = [[1, 0]] as const

function kindsOf(covers: Readonly<Record<string, Verdict>>): readonly string[] {
  const items = ['a', 'b', 'c'].map((pattern, owner) => ({ pattern, owner }))
  return specificity(familyOf(covers), items, () => firstTwo).conflicts.map(({ kind }) => kind)
}

table('what cannot be looked through', [
  [
    'is told, whichever of the two it is about',
    () => {
      assert.deepEqual(kindsOf({ ab: 'too-complex' }), ['too-complex'])
      assert.deepEqual(kindsOf({ ba: 'too-complex' }), ['too-complex'])
      assert.deepEqual(kindsOf({ ab: 'too-complex', ba: true }), ['too-complex'])
    },
  ],
  [
    'is told where a third might settle the matter',
    () => {
      assert.deepEqual(kindsOf({}), ['ambiguous'])
      assert.deepEqual(kindsOf({ ac: true }), [])
      assert.deepEqual(kindsOf({ bc: true }), [])
      assert.deepEqual(kindsOf({ ac: 'too-complex' }), ['too-complex'])
      assert.deepEqual(kindsOf({ bc: 'too-complex' }), ['too-complex'])
      assert.deepEqual(kindsOf({ ac: true, ca: 'too-complex' }), ['too-complex'])
      assert.deepEqual(kindsOf({ ac: true, ca: true }), ['ambiguous'])
    },
  ],
  [
    'is not asked of globs of one owner',
    () => {
      const items = ['a', 'b'].map((pattern) => ({ pattern, owner: 0 }))
      const { conflicts, ranks } = specificity(familyOf({ ab: 'too-complex' }), items, () => firstTwo)
      assert.deepEqual([conflicts, ranks], [[], [0, 1]])
    },
  ],
])
