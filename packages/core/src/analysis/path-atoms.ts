/**
 * The paths that a set of policies can tell apart. `evaluate` sees a path only through the rule that decides it, so paths
 * with the same rules are one atom.
 */
import type { CorsRequest } from '../evaluate/request.js'
import { classesOf } from '../pattern/classes.js'
import { pathSpace } from '../pattern/path-index.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import type { CompiledPolicy, CompiledRule } from '../policy/policy.js'

/** All paths for which each policy has the same rule and which match the same probes; or all routes that name a rule. */
export interface PathAtom {
  /** A shortest path of the atom, or a path and the rule that a route names. */
  readonly target: Pick<CorsRequest, 'path' | 'rule'>
  /** By index of the policy. */
  readonly rules: readonly (CompiledRule | undefined)[]
  /** Indexes of the probes that match. */
  readonly probes: readonly number[]
  /** By index of the policy: the globs that decide, as written; empty where there is no rule, or a route names it. */
  readonly globs: readonly (readonly string[])[]
  /** What it is made of; empty where a route names the rule. */
  readonly classes: readonly PathClass[]
}

/** All paths that match the same globs. */
export interface PathClass {
  /** By index of the policy: the glob that decides. */
  readonly deciding: readonly (PathPattern | undefined)[]
  /** All globs that match. */
  readonly matching: ReadonlySet<PathPattern>
}

export interface PathAtoms {
  readonly atoms: readonly PathAtom[]
  /** False: the globs combine in more ways than can be looked through, and atoms may be missing. */
  readonly complete: boolean
  /** Where they are not: the globs that do, as written. */
  readonly tangled: readonly string[]
}

interface AtomInMaking {
  readonly atom: Omit<PathAtom, 'globs'>
  readonly classes: PathClass[]
}

/** `probes`: globs beside those of the policies whose paths are to be told apart. */
export function pathAtoms(policies: readonly CompiledPolicy[], probes: readonly PathPattern[] = []): PathAtoms {
  const patterns = [...probes, ...policies.flatMap((policy) => policy.rules.flatMap((rule) => rule.patterns))]
  const { classes, complete, tangled } = classesOf(
    pathSpace,
    patterns.map((p) => p.language),
  )
  const atoms = new Map<string, AtomInMaking>()
  for (const { members, witness } of classes) {
    const path = `/${witness.join('/')}`
    const entries = policies.map((policy) => policy.pathIndex.entry(path))
    const matched = members.filter((m) => m < probes.length)
    const key = JSON.stringify([entries.map((entry) => entry?.value ?? null), matched])
    const rules = entries.map((entry, i) => (entry ? policies[i]?.rulesById.get(entry.value) : undefined))
    const own: PathClass[] = []
    const known = atoms.get(key) ?? { atom: { target: { path }, rules, probes: matched, classes: own }, classes: own }
    known.classes.push({
      deciding: entries.map((entry) => entry?.pattern),
      matching: new Set(members.map((m) => patterns[m] as PathPattern)),
    })
    atoms.set(key, known)
  }
  const byPath = [...atoms.values()].map(({ atom }) => ({ ...atom, globs: policies.map((_, i) => globsOf(atom, i)) }))
  const texts = new Set(tangled.map((i) => (patterns[i] as PathPattern).text))
  return { atoms: [...byPath, ...namedAtoms(policies, byPath)], complete, tangled: [...texts] }
}

function globsOf({ classes }: Pick<PathAtom, 'classes'>, policy: number): readonly string[] {
  return [...new Set(classes.flatMap(({ deciding }) => deciding[policy]?.text ?? []))]
}

/**
 * Rules that only routes that name them bring together: what decides no path, and a name that all policies have, though no
 * path comes to all its rules (two rules that swap their names and paths).
 */
function namedAtoms(policies: readonly CompiledPolicy[], byPath: readonly PathAtom[]): PathAtom[] {
  const reached = new Set(byPath.flatMap(({ rules }) => rules))
  const names = new Set(policies.flatMap((policy) => policy.rules.map((rule) => rule.id)))
  return [...names].flatMap((name): PathAtom[] => {
    const rules = policies.map((policy) => policy.rulesById.get(name))
    const isReached = rules.every((rule) => rule === undefined || reached.has(rule))
    const isMet = rules.includes(undefined) || byPath.some((atom) => atom.rules.every((rule, i) => rule === rules[i]))
    if (isReached && isMet) return []
    return [{ target: { path: '/', rule: name }, rules, probes: [], globs: policies.map(() => []), classes: [] }]
  })
}
