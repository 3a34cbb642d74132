/** What two policies differ in, found by a look at every request: the plain twin of `compare`, over the words of `generate/pairs.ts`. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type PolicyDocument, type RuleDocument, withOrigins } from '@safeconduct/core'
import type { Change, Comparison } from '@safeconduct/core/analysis'
import { smallMember, smallOrigins, smallPaths } from '../generate/pairs.js'
import { originMatches, originWithin, pathMatches, pathWithin, tupleOf } from '../plain.js'
import { type PlainAbilities, PlainDecider, type PlainVocabulary, plainAbilities } from './abilities.js'

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

/** What the policies differ in for one origin at all paths of two rules: as `compare` would tell it. */
export interface Spot {
  readonly direction: Change['direction']
  readonly origin: string
  readonly difference: string
  readonly whole: boolean
}

/** All paths that the same two rules decide; none: a route names the rule. */
export interface Region {
  readonly before: RuleDocument | undefined
  readonly after: RuleDocument | undefined
  readonly paths: readonly string[]
  readonly spots: readonly Spot[]
}

function missing(from: readonly string[], other: readonly string[]): readonly string[] {
  return from.filter((name) => !other.includes(name)).sort()
}

/** One text for one difference. */
function differenceOf(more: PlainAbilities, less: PlainAbilities): string {
  const exposed = less.exposedHeaders.includes('*') ? [] : missing(more.exposedHeaders, less.exposedHeaders)
  const differences = [missing(more.methods, less.methods), missing(more.requestHeaders, less.requestHeaders), exposed]
  return JSON.stringify([...differences, more.credentials && !less.credentials])
}

const nothing = JSON.stringify([[], [], [], false])

/** The same of a change. */
function told({ difference }: Change): string {
  const { methods, otherMethods, servedMethods, requestHeaders, otherRequestHeaders, exposedHeaders, credentials } =
    difference
  const allMethods = [...methods, ...(otherMethods ? ['OTHER'] : []), ...(servedMethods ? ['SERVED'] : [])]
  const allHeaders = [...requestHeaders, ...(otherRequestHeaders ? ['x-other'] : [])]
  return JSON.stringify([allMethods.sort(), allHeaders.sort(), [...exposedHeaders].sort(), credentials])
}

/** Every place where a browser's requests end otherwise. */
function regionsOf(before: PolicyDocument, after: PolicyDocument): readonly Region[] {
  const [old, now] = [new PlainDecider(before, external), new PlainDecider(after, external)]
  const byRules = new Map<string, { rules: Pair; paths: string[] }>()
  for (const path of smallPaths) {
    const rules = [old.rule(path), now.rule(path)] as const
    const key = `${rules[0]?.id} ${rules[1]?.id}`
    const known = byRules.get(key) ?? { rules, paths: [] }
    known.paths.push(path)
    byRules.set(key, known)
  }
  const reached = new Set([...byRules.values()].flatMap(({ rules }) => rules))
  const met = (rules: Pair): boolean =>
    [...byRules.values()].some((region) => region.rules.every((rule, i) => rule === rules[i]))
  const byName = [...new Set([...before.rules, ...after.rules].map(({ id }) => id))]
    .map((id) => ({ rules: [old.named(id), now.named(id)] as const, paths: [] }))
    .filter(
      ({ rules }) => rules.some((rule) => rule !== undefined && !reached.has(rule)) || !(hasGap(rules) || met(rules)),
    )
  return [...byRules.values(), ...byName].map(({ rules, paths }) => {
    const vocabulary = vocabularyOf(rules)
    const spots = smallOrigins.flatMap((origin) => {
      const first = plainAbilities(old.grant(rules[0], origin), vocabulary)
      const second = plainAbilities(now.grant(rules[1], origin), vocabulary)
      return [...differ('broader', origin, second, first), ...differ('narrower', origin, first, second)]
    })
    return { before: rules[0], after: rules[1], paths, spots }
  })
}

type Pair = readonly [RuleDocument | undefined, RuleDocument | undefined]

function hasGap(rules: Pair): boolean {
  return rules.includes(undefined)
}

function differ(direction: Change['direction'], origin: string, more: PlainAbilities, less: PlainAbilities): Spot[] {
  const difference = differenceOf(more, less)
  return difference === nothing ? [] : [{ direction, origin, difference, whole: less.methods.length === 0 }]
}

/** Whether a change is told of this path, and of this origin: the most specific of the globs decides. */
function isThere({ paths, exceptPaths }: Change, path: string): boolean {
  return isWithin(paths, exceptPaths, (glob) => pathMatches(glob, path), pathWithin)
}

function isFor({ origins, exceptOrigins }: Change, origin: string): boolean {
  return isWithin(origins, exceptOrigins, (each) => isOrigin(each, origin), isNarrower)
}

function isWithin(
  texts: readonly string[],
  except: readonly string[],
  matches: (glob: string) => boolean,
  narrower: (a: string, b: string) => boolean,
): boolean {
  const matching = (text: string): boolean => text.split(' & ').every(matches)
  const within = (a: string, b: string): boolean =>
    b.split(' & ').every((wide) => a.split(' & ').some((narrow) => narrower(narrow, wide)))
  const exceptions = except.filter(matching)
  return texts.filter(matching).some((text) => exceptions.every((each) => within(text, each)))
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

/** Each change says just what is so, where it is so, and of whom; and what is so is said. */
function assertTold(changes: readonly Change[], region: Region): void {
  const { before, after, paths, spots } = region
  const here = changes.filter((change) => change.before === before?.id && change.after === after?.id)
  const where = here.filter((change) => isSame(paths, change.paths.length === 0 ? [] : placesOf(change)))
  const tellers = where.map((change) => ({ change, who: new Set(smallOrigins.filter((each) => isFor(change, each))) }))
  for (const spot of spots) {
    const { direction, origin, difference, whole } = spot
    const teller = tellers.find(
      ({ change, who }) =>
        who.has(origin) && change.direction === direction && change.whole === whole && told(change) === difference,
    )
    if (teller === undefined) assert.fail(`not told: ${JSON.stringify({ spot, paths, here })}`)
    teller.who.delete(origin)
  }
  for (const { change, who } of tellers) assert.deepEqual([...who], [], `invented: ${JSON.stringify(change)}`)
}

function placesOf(change: Change): readonly string[] {
  return smallPaths.filter((path) => isThere(change, path))
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i])
}

function verdictOf(spots: readonly Spot[]): Comparison['verdict'] {
  const broader = spots.some(({ direction }) => direction === 'broader')
  const narrower = spots.some(({ direction }) => direction === 'narrower')
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

/** That no difference is missed, none is invented, and each is told where it is and whom it is for. Answers the differences. */
export function assertCompared(
  comparison: Comparison,
  before: PolicyDocument,
  after: PolicyDocument,
): readonly Region[] {
  const { verdict, changes, complete } = comparison
  const regions = regionsOf(before, after)
  assert.ok(complete)
  assert.equal(verdict, verdictOf(regions.flatMap(({ spots }) => spots)))
  for (const region of regions) assertTold(changes, region)
  const ids = new Set(regions.map((region) => `${region.before?.id} ${region.after?.id}`))
  for (const change of changes) {
    assert.ok(ids.has(`${change.before} ${change.after}`), `invented: ${JSON.stringify(change)}`)
    assertShown(change, before, after)
  }
  return regions
}
