/**
 * Whether a policy keeps a promise over all requests.
 *
 *     prove(policy, never) holds iff no request from `origins`, to `paths`, by `methods`, with one of `requestHeaders`, in
 *     the credentials mode `credentials` is allowed; what the query leaves out is not asked about.
 *
 * A loop over the atoms that asks `evaluate` on a witness of each. A rule that decides no path can be named by a route at
 * any path, so a query about paths takes it in. An external group is taken to hold an origin that is named nowhere else, and a
 * router to serve any method.
 */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import type { CorsRequest } from '../evaluate/request.js'
import { findWord } from '../pattern/language.js'
import { parseOriginPattern } from '../pattern/origin-pattern.js'
import { pathOf, pathSpace } from '../pattern/path-index.js'
import { type PathPattern, parsePathPattern } from '../pattern/path-pattern.js'
import { located } from '../policy/check.js'
import type { InvariantDocument, PolicyDocument } from '../policy/document.js'
import { foldPattern } from '../policy/fold.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
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
  const [compiled = policy as CompiledPolicy] = withMembers([policy]).policies
  const paths = never.paths?.map(pathProbe).map(foldPattern(compiled.router))
  const origins = never.origins && originProbes(never.origins, compiled)
  const found = pathAtoms([compiled], paths)
  const tangled = new Set(found.tangled)
  let complete = found.complete
  for (const path of found.atoms) {
    const [rule] = path.rules
    const named = path.target.rule !== undefined
    if (rule === undefined || rule.grants.length === 0 || (paths && !named && path.probes.length === 0)) continue
    const vocabulary = vocabularyOf([rule], { methods: never.methods ?? [], requestHeaders: namesOf(never) })
    const asked = originAtoms([rule], origins?.globs)
    complete &&= asked.complete
    for (const glob of asked.tangled) tangled.add(glob)
    for (const { origin, probes } of asked.atoms) {
      if (origins && !origins.anyone && probes.length === 0) continue
      const abilities = abilitiesOf(compiled, path.target, origin, vocabulary)
      const request = allowedRequest(abilities, vocabulary, never, { ...targetOf(path, paths), origin })
      if (request)
        return {
          holds: false,
          counterexample: { request, credentials: never.credentials ?? false, ruleId: rule.id },
          complete: true,
          tangled: [],
        }
    }
  }
  return { holds: complete, complete, tangled: [...tangled] }
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

function pathProbe(text: string): PathPattern {
  const pattern = parsePathPattern(text)
  if ('fault' in pattern) throw new TypeError(`not a path glob: ${text}`)
  return pattern
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
  return 'external' in group ? (externalOrigins.get(name) ?? []) : group
}

/** Of an atom that a route names, a path that the query is about. */
function targetOf({ target }: PathAtom, paths: readonly PathPattern[] | undefined): PathAtom['target'] {
  const asked = target.rule === undefined ? undefined : paths?.[0]
  const path = asked && pathOf(findWord(pathSpace, [asked.language], []))
  return path === undefined ? target : { ...target, path }
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
