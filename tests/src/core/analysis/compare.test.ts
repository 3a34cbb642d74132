/** What two policies differ in, against a look at every request: no difference missed, none invented. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type PolicyDocument, type RuleDocument, withOrigins } from '@safeconduct/core'
import { type Change, type Comparison, compare } from '@safeconduct/core/analysis'
import { policyPair, smallMember, smallOrigins, smallPaths } from '../../support/generate/pairs.js'
import { holds, trials } from '../../support/holds.js'
import { originMatches, originWithin, pathMatches, pathWithin, tupleOf } from '../../support/plain.js'
import { type PlainAbilities, PlainDecider, type PlainVocabulary, plainAbilities } from '../../support/plain/abilities.js'
import { table } from '../../support/table.js'

/** What the rules mention, what every policy knows, and what stands for all others. */
function vocabularyOf(rules: readonly (RuleDocument | undefined)[]): PlainVocabulary {
  const grants = rules.flatMap((rule) => rule?.allow ?? [])
  const methods = grants.flatMap((grant) => (grant.methods === 'served' ? [] : (grant.methods ?? [])))
  const names = grants.flatMap((grant) => grant.requestHeaders ?? [])
  return {
    methods: distinct(['GET', 'HEAD', 'POST', ...methods, 'OTHER', 'SERVED']),
    requestHeaders: distinct([...names, 'authorization', 'x-other']),
  }
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '*')
}

const external = { tenants: [smallMember] }

/** A place where the policies differ: as `compare` would tell it, of one path and one origin. */
interface Spot {
  readonly direction: Change['direction']
  readonly before: string | undefined
  readonly after: string | undefined
  readonly difference: string
  readonly whole: boolean
  readonly path: string | undefined
  readonly origin: string
}

function missing(from: readonly string[], other: readonly string[]): readonly string[] {
  return from.filter((name) => !other.includes(name)).sort()
}

function differenceOf(more: PlainAbilities, less: PlainAbilities): Change['difference'] {
  return {
    methods: missing(more.methods, less.methods),
    requestHeaders: missing(more.requestHeaders, less.requestHeaders),
    exposedHeaders: less.exposedHeaders.includes('*') ? [] : missing(more.exposedHeaders, less.exposedHeaders),
    credentials: more.credentials && !less.credentials,
  }
}

function isNothing({ methods, requestHeaders, exposedHeaders, credentials }: Change['difference']): boolean {
  return methods.length + requestHeaders.length + exposedHeaders.length === 0 && !credentials
}

function sorted({ methods, requestHeaders, exposedHeaders, credentials }: Change['difference']): string {
  return JSON.stringify([[...methods].sort(), [...requestHeaders].sort(), [...exposedHeaders].sort(), credentials])
}

/** Every place where a browser's requests end otherwise; `path` is absent where a route names the rule. */
function* spots(before: PolicyDocument, after: PolicyDocument): Iterable<Spot> {
  const [old, now] = [new PlainDecider(before, external), new PlainDecider(after, external)]
  const reached = new Set(smallPaths.flatMap((path) => [old.rule(path), now.rule(path)]))
  const unreached = [...before.rules, ...after.rules].filter((rule) => !reached.has(rule)).map(({ id }) => id)
  const places = [
    ...smallPaths.map((path) => ({ path, rules: [old.rule(path), now.rule(path)] as const })),
    ...[...new Set(unreached)].map((id) => ({ path: undefined, rules: [old.named(id), now.named(id)] as const })),
  ]
  for (const { path, rules } of places) {
    const vocabulary = vocabularyOf(rules)
    for (const origin of smallOrigins) {
      const [first, second] = [
        plainAbilities(old.grant(rules[0], origin), vocabulary),
        plainAbilities(now.grant(rules[1], origin), vocabulary),
      ]
      for (const [direction, more, less] of [
        ['broader', second, first],
        ['narrower', first, second],
      ] as const) {
        const difference = differenceOf(more, less)
        if (isNothing(difference)) continue
        const ids = { before: rules[0]?.id, after: rules[1]?.id }
        yield { direction, ...ids, difference: sorted(difference), whole: less.methods.length === 0, path, origin }
      }
    }
  }
}

/** Whether a change is told of this path and this origin: the most specific of the globs decides. */
function isAbout({ paths, exceptPaths, origins, exceptOrigins }: Change, path: string | undefined, origin: string): boolean {
  const isThere =
    path === undefined
      ? paths.length === 0
      : isWithin(paths, exceptPaths, (glob) => pathMatches(glob, path), pathWithin)
  return isThere && isWithin(origins, exceptOrigins, (each) => isOrigin(each, origin), isNarrower)
}

function isWithin(
  globs: readonly string[],
  except: readonly string[],
  matches: (glob: string) => boolean,
  narrower: (a: string, b: string) => boolean,
): boolean {
  const exceptions = except.filter(matches)
  return globs.filter(matches).some((glob) => exceptions.every((each) => narrower(glob, each)))
}

function isNarrower(a: string, b: string): boolean {
  const isName = (text: string): boolean => text === '*' || text.startsWith('@')
  return b === '*' || (!isName(a) && !isName(b) && originWithin(a, b))
}

function isOrigin(text: string, origin: string): boolean {
  if (text === '*') return true
  if (text === '@tenants') return origin === smallMember
  const tuple = tupleOf(origin)
  return text === origin || (tuple !== undefined && origin !== smallMember && originMatches(text, tuple))
}

function saysTheSame(change: Change, spot: Spot): boolean {
  return (
    change.direction === spot.direction &&
    change.before === spot.before &&
    change.after === spot.after &&
    change.whole === spot.whole &&
    sorted(change.difference) === spot.difference
  )
}

function compared(before: PolicyDocument, after: PolicyDocument): Comparison {
  return compare(compilePolicy(before), compilePolicy(after))
}

function verdictOf(all: readonly Spot[]): Comparison['verdict'] {
  const broader = all.some(({ direction }) => direction === 'broader')
  const narrower = all.some(({ direction }) => direction === 'narrower')
  return broader && narrower ? 'both' : broader ? 'broader' : narrower ? 'narrower' : 'equivalent'
}

/** The witness is decided as the change says, and otherwise by the two policies. */
function assertShown({ witness, reasons }: Change, before: PolicyDocument, after: PolicyDocument): void {
  const [old, now] = [before, after].map((document) =>
    evaluate(withOrigins(compilePolicy(document), 'tenants', external.tenants), witness),
  )
  assert.deepEqual({ before: old?.reason, after: now?.reason }, reasons)
  assert.notDeepEqual([old?.headers, reasons.before], [now?.headers, reasons.after])
}

table('two policies compared', [
  [
    'on 1,200 pairs of policies, no difference is missed, none is invented, and each is told where it is and whom it is for',
    () => {
      const seen = { pairs: 0, equivalent: 0, changes: 0, spots: 0, named: 0 }
      holds(1200, policyPair, ([before, after]) => {
        const { verdict, changes, complete } = compared(before, after)
        const all = [...spots(before, after)]
        const about = (): string => JSON.stringify({ before, after, changes }, null, 1)
        assert.ok(complete)
        assert.equal(verdict, verdictOf(all), about())
        const shown = new Set<Change>()
        for (const spot of all) {
          const same = changes.filter((change) => saysTheSame(change, spot))
          for (const change of same) shown.add(change)
          assert.ok(
            same.some((change) => isAbout(change, spot.path, spot.origin)),
            `${JSON.stringify(spot)} is not told\n${same.length}\n${about()}`,
          )
        }
        for (const change of changes) {
          assert.ok(shown.has(change), `invented: ${JSON.stringify(change)}\n${about()}`)
          assertShown(change, before, after)
        }
        seen.pairs++
        seen.equivalent += verdict === 'equivalent' ? 1 : 0
        seen.changes += changes.length
        seen.spots += all.length
      })
      assert.ok(seen.equivalent >= trials(100) && seen.changes >= trials(2000), JSON.stringify(seen))
    },
  ],
])
