/**
 * The origins that a set of rules can tell apart. Within a rule `evaluate` sees an origin only through the grant that
 * decides it, so origins with the same grants are one atom.
 */

import { decidingHit } from '../evaluate/deciding.js'
import { classesOf } from '../pattern/classes.js'
import { allHosts, hostSpace, literalSequence, matchesOrigin, portsToTry } from '../pattern/origin-index.js'
import type { ExactOrigin, OriginPattern } from '../pattern/origin-pattern.js'
import { isListed, listedOrigins } from '../policy/external-origins.js'
import type { CompiledGrant, CompiledRule } from '../policy/policy.js'
import { type Origin, parseOrigin } from '../web/origin.js'

export type OriginGlob = ExactOrigin | OriginPattern

/** All origins to which each rule applies the same grant and which match the same probes. */
export interface OriginAtom {
  /** A telling origin of the atom: one that a person recognizes where there is one, else a shortest. */
  readonly origin: string
  /** By index of the rule. */
  readonly grants: readonly (CompiledGrant | undefined)[]
  readonly probes: readonly number[]
  /** By index of the rule: the globs and exact origins that decide, as written; `*` where only `"*"` covers the origins. */
  readonly globs: readonly (readonly string[])[]
  /** One origin of each class that it is made of. */
  readonly samples: readonly OriginSample[]
}

/** An origin, for all that match the same globs. */
export interface OriginSample {
  readonly origin: string
  readonly parsed: Origin | undefined
  /** By index of the rule: what decides. */
  readonly deciding: readonly (DecidingOrigin | undefined)[]
}

/** A glob, an exact origin, or `*`, as written. */
export interface DecidingOrigin {
  readonly text: string
  /** Of a glob. */
  readonly pattern?: OriginPattern
}

export interface OriginAtoms {
  readonly atoms: readonly OriginAtom[]
  readonly complete: boolean
  /** Where they are not complete: the globs that combine in too many ways, as written. */
  readonly tangled: readonly string[]
}

/** `probes`: globs beside those of the rules whose origins are to be told apart. */
export function originAtoms(
  rules: readonly (CompiledRule | undefined)[],
  probes: readonly OriginGlob[] = [],
): OriginAtoms {
  const asked = rules.filter((rule) => rule !== undefined)
  const exact = new Set<string>(asked.flatMap(listedOrigins))
  for (const probe of probes) if (probe.kind === 'exact') exact.add(probe.text)
  const patterns = [
    ...asked.flatMap((rule) => rule.originGlobs),
    ...probes.filter((p): p is OriginPattern => p.kind === 'pattern'),
  ]
  const { origins, complete, tangled } = patternWitnesses(patterns, exact)
  const atoms = new Map<string, { atom: Omit<OriginAtom, 'globs'>; samples: OriginSample[] }>()
  const addresses = probes.flatMap((probe) => addressesIn(probe, patterns, exact))
  for (const origin of new Set([...telling(exact), ...origins, ...addresses, ...exact, 'null'])) {
    const parsed = parseOrigin(origin)
    const grants = rules.map((rule) => rule && grantOf(rule, origin))
    const matched = probes.flatMap((probe, i) => (matchesProbe(probe, origin, parsed) ? [i] : []))
    const key = JSON.stringify([grants.map((g, i) => (g === undefined ? -1 : rules[i]?.grants.indexOf(g))), matched])
    const own: OriginSample[] = []
    const known = atoms.get(key) ?? { atom: { origin, grants, probes: matched, samples: own }, samples: own }
    known.samples.push({ origin, parsed, deciding: rules.map((rule) => rule && decidingGlob(rule, origin, parsed)) })
    atoms.set(key, known)
  }
  return {
    atoms: [...atoms.values()].map(({ atom }) => ({ ...atom, globs: rules.map((_, i) => globsOf(atom, i)) })),
    complete,
    tangled: [...tangled],
  }
}

function globsOf({ samples }: Pick<OriginAtom, 'samples'>, rule: number): readonly string[] {
  return [...new Set(samples.flatMap(({ deciding }) => deciding[rule]?.text ?? []))]
}

function grantOf(rule: CompiledRule, origin: string): CompiledGrant | undefined {
  const hit = decidingHit(rule, origin)
  return typeof hit === 'string' ? undefined : hit.grant
}

/**
 * In a probe the host `**` is every host. As the origins of a grant it leaves out IP addresses and trailing dots, which is
 * the safe side there; in a promise that something never happens it would be the other one.
 */
function matchesProbe(probe: OriginGlob, origin: string, parsed: Origin | undefined): boolean {
  if (probe.kind === 'exact') return probe.text === origin
  if (parsed === undefined) return false
  if (!isAnyHost(probe)) return matchesOrigin(probe, parsed)
  const { scheme, port } = parsed
  return probe.schemes.includes(scheme) && (probe.ports === 'any' || probe.ports.includes(port))
}

function isAnyHost({ hosts, literalHosts }: OriginPattern): boolean {
  const [only] = hosts
  return hosts.length === 1 && literalHosts.length === 0 && only?.[0]?.kind === 'any' && only[1]?.kind === 'rest'
}

/**
 * Origins of a probe for every host that no glob of a rule matches, whatever the globs are: `"*"` decides them, also where
 * globs cover all names. IP addresses (RFC 1918, section 3) that nobody mentions, by each scheme and port of the probe.
 */
function addressesIn(probe: OriginGlob, patterns: readonly OriginPattern[], exact: ReadonlySet<string>): string[] {
  if (probe.kind === 'exact' || !isAnyHost(probe)) return []
  const literal = new Set(patterns.flatMap((pattern) => pattern.literalHosts))
  return probe.schemes.flatMap((scheme) =>
    (probe.ports === 'any' ? [''] : probe.ports).map((port) => {
      for (let n = 1; ; n++) {
        const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
        const origin = serialized(scheme, address, port)
        if (!literal.has(address) && !exact.has(origin)) return origin
      }
    }),
  )
}

function decidingGlob(rule: CompiledRule, origin: string, parsed: Origin | undefined): DecidingOrigin | undefined {
  if (isListed(rule, origin)) return { text: origin }
  const entry = parsed && rule.originPatterns?.entry(parsed)
  if (entry) return { text: entry.pattern.text, pattern: entry.pattern }
  return rule.anyone === undefined ? undefined : { text: '*' }
}

/** Origins that say at once what is wrong where they are in an atom; they are put first, so that they stand for it. */
function* telling(exact: ReadonlySet<string>): Iterable<string> {
  const shown: string[] = ['https://evil.example', 'http://evil.example']
  for (const origin of [...exact].slice(0, 50)) {
    const { scheme, host, port } = parseOrigin(origin) ?? {}
    if (scheme === undefined || host === undefined) continue
    const suffix = port === '' ? '' : `:${port}`
    if (scheme === 'https') shown.push(`http://${host}${suffix}`)
    shown.push(`${scheme}://evil.${host}${suffix}`, `${scheme}://${host}.evil.example${suffix}`)
  }
  for (const origin of shown) if (!exact.has(origin) && parseOrigin(origin) !== undefined) yield origin
}

/** An origin of each class that the patterns tell apart, none of them an exact one. */
function patternWitnesses(
  patterns: readonly OriginPattern[],
  exact: ReadonlySet<string>,
): { origins: string[]; complete: boolean; tangled: ReadonlySet<string> } {
  const origins: string[] = []
  const tangled = new Set<string>()
  let complete = true
  const schemes = new Set(['https', 'http', ...patterns.flatMap((p) => p.schemes), 'app'])
  const exactPorts = new Set([...exact].map((origin) => parseOrigin(origin)?.port ?? ''))
  for (const scheme of schemes) {
    const ofScheme = patterns.filter((p) => p.schemes.includes(scheme))
    for (const port of portsToTry(scheme, ofScheme, exactPorts)) {
      const active = ofScheme.filter((p) => p.ports === 'any' || p.ports.includes(port))
      const found = hostWitnesses(active, (host) => exact.has(serialized(scheme, host, port)))
      complete &&= found.complete
      for (const { text } of found.tangled) tangled.add(text)
      origins.push(...found.hosts.map((host) => serialized(scheme, host, port)))
    }
  }
  return { origins, complete, tangled }
}

function serialized(scheme: string, host: string, port: string): string {
  return `${scheme}://${host}${port === '' ? '' : `:${port}`}`
}

/** A host of each class, IP addresses and other literal hosts included; hosts that are `taken` stand for themselves elsewhere. */
function hostWitnesses(
  patterns: readonly OriginPattern[],
  taken: (host: string) => boolean,
): { hosts: string[]; complete: boolean; tangled: readonly OriginPattern[] } {
  const languages = patterns.map(allHosts)
  const avoided: string[] = []
  for (;;) {
    const { classes, complete, tangled } = classesOf(hostSpace, [
      ...languages,
      ...avoided.map((host) => [literalSequence(host)]),
    ])
    const hosts = classes.map(({ witness }) => [...witness].reverse().join('.'))
    const clashes = hosts.filter((host) => taken(host) && !avoided.includes(host))
    if (clashes.length === 0) {
      return {
        hosts: [...hosts.filter((host) => !taken(host)), ...patterns.flatMap((p) => p.literalHosts)],
        complete,
        tangled: tangled.flatMap((i) => patterns[i] ?? []),
      }
    }
    avoided.push(...clashes)
  }
}
