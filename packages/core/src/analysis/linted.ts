/** A policy as lint rules see it: each grant with its text, what was made of it, and how a request comes to it. */

import { pointer } from '../diagnostic.js'
import type { CorsRequest } from '../evaluate/request.js'
import { findWord } from '../pattern/language.js'
import { type ExactOrigin, isPlainOrigin, type OriginPattern, parseOriginPattern } from '../pattern/origin-pattern.js'
import { foundPath, pathFamily, pathSpace } from '../pattern/path-index.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import type { GrantDocument, PolicyDocument } from '../policy/document.js'
import type { CompiledGrant, CompiledPolicy, CompiledRule } from '../policy/policy.js'
import { parseOrigin } from '../web/origin.js'
import { type Registrable, registrablesOf } from './registrable.js'
import type { SoundPart } from './sound-part.js'

export interface LintedPolicy {
  /** As written, faults included. */
  readonly document: PolicyDocument
  /** Of the sound part of the document. */
  readonly policy: CompiledPolicy
  /** The document has no errors: there are no grants but these. */
  readonly isWhole: boolean
  readonly grants: readonly LintedGrant[]
  /** The registered domains that grants name, in the order of the text. */
  readonly registrations: () => ReadonlyMap<string, Registration>
}

export interface Registration extends Registrable {
  /** How many entries of grants name it or a host below it. */
  readonly mentions: number
}

export interface LintedGrant {
  /** Where the grant stands. */
  readonly at: string
  readonly written: GrantDocument
  readonly grant: CompiledGrant
  readonly rule: CompiledRule
  readonly policy: CompiledPolicy
  /** In the order of the text; those of a group where it is named. External groups have none. */
  readonly origins: readonly LintedOrigin[]
  /** A path that the rule decides; where it has none, any path and the rule's name, as a route would give it. */
  readonly target: () => Target
}

export interface LintedOrigin {
  readonly glob: ExactOrigin | OriginPattern
  readonly at: string
  /** The group that holds it; absent where the grant itself does. */
  readonly group?: string
}

export type Target = Pick<CorsRequest, 'path' | 'rule'>

/** `written` is the whole document; `sound` its part without errors. */
export function lintedPolicy(written: PolicyDocument, { document, policy, isWhole }: SoundPart): LintedPolicy {
  const globsOf = groupReader(document)
  const grants = policy.rules.flatMap((rule, r): LintedGrant[] => {
    const target = once(() => targetOf(policy, rule))
    return rule.grants.map((grant, g) => {
      const at = pointer('rules', r, 'allow', g)
      const text = document.rules[r]?.allow[g] as GrantDocument
      return { at, written: text, grant, rule, policy, origins: globsOf(text.origins, `${at}/origins`), target }
    })
  })
  return { document: written, policy, isWhole, grants, registrations: once(() => registrationsOf(grants)) }
}

function registrationsOf(grants: readonly LintedGrant[]): ReadonlyMap<string, Registration> {
  const found = new Map<string, Registration>()
  for (const { glob } of grants.flatMap((grant) => grant.origins)) {
    for (const [domain, registrable] of registrablesOf(glob)) {
      found.set(domain, { ...registrable, mentions: (found.get(domain)?.mentions ?? 0) + 1 })
    }
  }
  return found
}

/** Origins with their places, groups written out; each group is read once. */
function groupReader(document: PolicyDocument): (texts: readonly string[], at: string) => readonly LintedOrigin[] {
  const groups = new Map<string, readonly LintedOrigin[]>()
  const groupOf = (name: string): readonly LintedOrigin[] => {
    const written = document.origins?.[name]
    const members = Array.isArray(written) ? (written as readonly string[]) : []
    const read = groups.get(name) ?? members.flatMap((text, i) => placed(text, pointer('origins', name, i), name))
    groups.set(name, read)
    return read
  }
  return (texts, at) =>
    texts.flatMap((text, i) => (text.startsWith('@') ? groupOf(text.slice(1)) : placed(text, `${at}/${i}`)))
}

function placed(text: string, at: string, group?: string): LintedOrigin[] {
  if (text === '*') return []
  const glob = globOf(text)
  return 'fault' in glob ? [] : [{ glob, at, ...(group === undefined ? {} : { group }) }]
}

function globOf(text: string): ReturnType<typeof parseOriginPattern> {
  if (!isPlainOrigin(text)) return parseOriginPattern(text)
  const { scheme = '', host = '' } = parseOrigin(text) ?? {}
  return { kind: 'exact', text, scheme, host }
}

function targetOf(policy: CompiledPolicy, rule: CompiledRule): Target {
  for (const pattern of rule.patterns) {
    const path = pathDecidedBy(policy, rule, pattern)
    if (path !== undefined) return { path }
  }
  return { path: '/', rule: rule.id }
}

/** A path that the rule decides by this glob or one within it. */
function pathDecidedBy(policy: CompiledPolicy, rule: CompiledRule, pattern: PathPattern): string | undefined {
  const shortest = foundPath(findWord(pathSpace, [pattern.language], []))
  if (shortest !== undefined && policy.pathIndex.find(shortest) === rule.id) return shortest
  const narrower = policy.rules
    .filter((other) => other !== rule)
    .flatMap((other) =>
      other.patterns.filter((p) => !pathFamily.plainlyDisjoint(pattern, p) && pathFamily.covers(pattern, p) === true),
    )
  const path = foundPath(
    findWord(
      pathSpace,
      [pattern.language],
      narrower.map((p) => p.language),
    ),
  )
  return path !== undefined && policy.pathIndex.find(path) === rule.id ? path : undefined
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
