/**
 * Whether a policy keeps a promise over all requests.
 *
 *     prove(policy, never) holds iff no request from `origins`, to `paths`, by `methods`, with one of `requestHeaders`, in
 *     the credentials mode `credentials` is allowed; what the query leaves out is not asked about.
 *
 * A loop over the atoms that asks `evaluate` on a witness of each. A rule that decides no path can be named by a route at
 * any path, so a query about paths takes it in; where a route names a rule that has paths is for `proveAt`, since only the
 * server knows. An external group is taken to hold an origin that is named nowhere else, and a router to serve any method.
 */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { Step } from '../pattern/glob.js'
import { findWord } from '../pattern/language.js'
import { parseOriginPattern } from '../pattern/origin-pattern.js'
import { foundPath, pathSpace } from '../pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../pattern/path-pattern.js'
import { located } from '../policy/check.js'
import type { InvariantDocument, PolicyDocument } from '../policy/document.js'
import { foldPattern } from '../policy/fold.js'
import type { CompiledPolicy, CompiledRule, Policy } from '../policy/policy.js'
import { isForbiddenMethod } from '../web/method.js'
import { type Abilities, abilitiesOf, requestBy, type Vocabulary, vocabularyOf } from './abilities.js'
import { withMembers } from './external-members.js'
import { type OriginGlob, originAtoms } from './origin-atoms.js'
import { type PathAtom, pathAtoms } from './path-atoms.js'

/** What is never to be allowed: the `never` of an invariant. */
export type Query = InvariantDocument['never']

/** A request that is allowed although it must not be. */
export interface Counterexample {
  readonly request: CorsRequest
  readonly credentials: boolean
  readonly ruleId: string
}

export interface Proof {
  /** Never true where `complete` is not. */
  readonly holds: boolean
  readonly counterexample?: Counterexample
  /** False: the globs combine in more ways than can be looked through, and no counterexample was found. */
  readonly complete: boolean
  /** Where it is not complete: the globs that do, as written. */
  readonly tangled: readonly string[]
}

/** @throws TypeError on a query with a glob that is none. `checkPolicy` finds those of a policy's invariants. */
export function prove(policy: Policy, never: Query): Proof {
  const asked = questionOf(policy, never)
  const found = pathAtoms([asked.policy], asked.paths)
  const answers: Answer[] = []
  for (const path of found.atoms) {
    const [rule] = path.rules
    const named = path.target.rule !== undefined
    if (rule === undefined || (asked.paths && !named && path.probes.length === 0)) continue
    const answer = ask(asked, rule, targetOf(path, asked.paths))
    if (answer.counterexample) return brokenBy(answer.counterexample)
    answers.push(answer)
  }
  return proofOf([...answers, found])
}

/** Where a route puts a rule by naming it, whatever the rule's own paths are. */
export interface NamedPlace {
  /** The rule's id. */
  readonly rule: string
  /** Globs: together, the canonical paths of all requests that come to the route. */
  readonly paths: readonly string[]
  /** That the route serves: no others come to it. */
  readonly methods: readonly string[]
}

/**
 * The same for requests that come to one route and are decided by the rule that it names.
 *
 * @throws TypeError on a glob that is none, and on a rule that the policy does not have.
 */
export function proveAt(policy: Policy, place: NamedPlace, never: Query): Proof {
  const any = never.methods === undefined || never.methods.includes('*')
  const methods = any ? place.methods : (never.methods ?? []).filter((method) => place.methods.includes(method))
  const asked = questionOf(policy, { ...never, methods })
  const rule = asked.policy.rulesById.get(place.rule)
  if (rule === undefined) throw new TypeError(`no such rule: ${place.rule}`)
  const answers: Answer[] = []
  for (const shared of methods.length === 0 ? [] : sharedPaths(place.paths.map(probeFor(asked.policy)), asked.paths)) {
    const answer = typeof shared === 'string' ? ask(asked, rule, { path: shared, rule: rule.id }) : shared
    if (answer.counterexample) return brokenBy(answer.counterexample)
    answers.push(answer)
  }
  return proofOf(answers)
}

/**
 * A path of each way in which a glob of the one list meets a glob of the other; no other list: all paths. Where that is too
 * much to be looked through, what there is to answer.
 */
function* sharedPaths(
  places: readonly PathPattern[],
  paths: readonly PathPattern[] | undefined,
): Iterable<string | Answer> {
  for (const place of places) {
    for (const globs of paths?.map((path) => [place, path]) ?? [[place]]) {
      const found = findWord(
        pathSpace,
        globs.map(({ language }) => language),
        [],
      )
      if (found === 'too-complex') yield { complete: false, tangled: globs.map(({ text }) => text) }
      const path = foundPath(found)
      if (path !== undefined) yield path
    }
  }
}

/** A query, its globs read as this policy's router reads paths. */
interface Question {
  readonly policy: CompiledPolicy
  readonly never: Query
  readonly paths: readonly PathPattern[] | undefined
  readonly origins: ReturnType<typeof originProbes> | undefined
}

function questionOf(policy: Policy, never: Query): Question {
  const [compiled = policy as CompiledPolicy] = withMembers([policy]).policies
  return {
    policy: compiled,
    never,
    paths: never.paths?.map(probeFor(compiled)),
    origins: never.origins && originProbes(never.origins, compiled),
  }
}

interface Answer {
  readonly complete: boolean
  readonly tangled: readonly string[]
  readonly counterexample?: Counterexample
}

/** Whether the rule allows anything that the query is about, at a path of it. */
function ask({ policy, never, origins }: Question, rule: CompiledRule, target: PathAtom['target']): Answer {
  if (rule.grants.length === 0) return { complete: true, tangled: [] }
  const vocabulary = vocabularyOf([rule], { methods: never.methods ?? [], requestHeaders: namesOf(never) })
  const { atoms, complete, tangled } = originAtoms([rule], origins?.globs)
  for (const { origin, probes } of atoms) {
    if (origins && !origins.anyone && probes.length === 0) continue
    const abilities = abilitiesOf(policy, target, origin, vocabulary)
    const request = allowedRequest(abilities, vocabulary, never, { ...target, origin })
    const credentials = never.credentials ?? false
    if (request) return { complete, tangled, counterexample: { request, credentials, ruleId: rule.id } }
  }
  return { complete, tangled }
}

function brokenBy(counterexample: Counterexample): Proof {
  return { holds: false, counterexample, complete: true, tangled: [] }
}

function proofOf(answers: readonly Answer[]): Proof {
  const complete = answers.every((answer) => answer.complete)
  return { holds: complete, complete, tangled: [...new Set(answers.flatMap(({ tangled }) => tangled))] }
}

/** The invariants that a policy breaks, as the doors that load it tell them; with positions where its document has them. */
export function proveInvariants(policy: Policy, document?: PolicyDocument): Diagnostic[] {
  const broken = policy.invariants.flatMap(({ id, never, because }, i) => {
    const { holds, counterexample } = prove(policy, never)
    if (holds) return []
    const shown = counterexample && { ...counterexample, ...counterexample.request }
    return [
      diagnose('invariant-violated', `/invariants/${i}`, [id, because, shown], { witness: counterexample?.request }),
    ]
  })
  return located(document, broken)
}

function namesOf({ requestHeaders }: Query): readonly string[] {
  return (requestHeaders ?? []).map((name) => name.toLowerCase())
}

function probeFor({ router }: CompiledPolicy): (text: string) => PathPattern {
  const fold = foldPattern(router)
  return (text) => {
    const pattern = parsePathPattern(text)
    if ('fault' in pattern) throw new TypeError(`not a path glob: ${text}`)
    return fold(pattern)
  }
}

/** The origins that a query is about, groups written out; none where it is about any. */
export function originsOf(policy: Policy, { origins }: Query): readonly OriginGlob[] {
  return origins === undefined ? [] : originProbes(origins, policy as CompiledPolicy).globs
}

/** The globs of a query, groups written out; external groups with what they hold now. */
function originProbes(
  texts: readonly string[],
  policy: CompiledPolicy,
): { readonly anyone: boolean; readonly globs: readonly OriginGlob[] } {
  const written = texts.flatMap((text) => (text.startsWith('@') ? groupMembers(text.slice(1), policy) : [text]))
  const globs = written
    .filter((text) => text !== '*')
    .map((text) => {
      const glob = parseOriginPattern(text)
      if ('fault' in glob) throw new TypeError(`not an origin glob: ${text}`)
      return glob
    })
  return { anyone: written.includes('*'), globs }
}

function groupMembers(name: string, { origins, externalOrigins }: CompiledPolicy): readonly string[] {
  const group = Object.hasOwn(origins, name) ? origins[name] : undefined
  if (group === undefined) throw new TypeError(`no such group: @${name}`)
  return 'external' in group ? (externalOrigins.get(name)?.origins ?? []) : group
}

/** Of an atom that a route names, a path that the query is about. */
function targetOf({ target }: PathAtom, paths: readonly PathPattern[] | undefined): PathAtom['target'] {
  const asked = target.rule === undefined ? undefined : paths?.[0]?.language[0]
  return asked === undefined ? target : { ...target, path: `/${asked.flatMap(wordOf).join('/')}` }
}

/** A word that the step takes, without a search; none for `**`. */
function wordOf(step: Step): string[] {
  if (step.kind === 'rest') return []
  return [step.kind === 'any' ? 'x' : step.kind === 'literal' ? step.text : `${step.prefix}x${step.suffix}`]
}

/** A request that the query is about and that these abilities allow. */
function allowedRequest(
  abilities: Abilities,
  vocabulary: Vocabulary,
  never: Query,
  base: Pick<CorsRequest, 'path' | 'rule' | 'origin'>,
): CorsRequest | undefined {
  const by = allowedMethod(abilities, vocabulary, never.methods)
  if (by === undefined || (never.credentials === true && !abilities.credentials)) return undefined
  if (never.requestHeaders === undefined) return { ...base, ...by }
  const header = namesOf(never)
    .map((name) => (name === '*' ? [...abilities.requestHeaders][0] : name))
    .find((name) => name !== undefined && abilities.requestHeaders.has(name))
  return header === undefined
    ? undefined
    : { ...base, ...by, method: 'OPTIONS', requestMethod: by.method, requestHeaders: header }
}

/** A request by a method that the query is about: one of its own, also where the router is to serve it, or any. */
function allowedMethod(
  { methods }: Abilities,
  vocabulary: Vocabulary,
  asked: Query['methods'],
): Pick<CorsRequest, 'method' | 'servedMethods'> | undefined {
  const [first] = methods
  if (asked === undefined || asked.includes('*')) return first === undefined ? undefined : requestBy(first, vocabulary)
  const granted = asked.find((name) => methods.has(name))
  if (granted !== undefined) return { method: granted }
  const served = methods.has(vocabulary.servedMethod) ? asked.find((name) => !isForbiddenMethod(name)) : undefined
  return served === undefined ? undefined : { method: served, servedMethods: [served] }
}
