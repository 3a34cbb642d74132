/** From a policy document to a policy: parts are put together, nothing is judged any more. */
import { PolicyError } from '../diagnostic.js'
import { LiteralTable } from '../pattern/literal-table.js'
import { OriginPatternIndex } from '../pattern/origin-index.js'
import { OriginTable } from '../pattern/origin-table.js'
import { PathIndex } from '../pattern/path-index.js'
import { Recent, type Remembered } from '../pattern/recent.js'
import { originHash } from '../web/origin.js'
import type { RouterOptions } from '../web/path.js'
import type { GrantParts, RuleParts } from './assemble.js'
import { assembleChecked } from './check.js'
import type { PolicyDocument } from './document.js'
import { foldRulePattern } from './fold.js'
import {
  type CompiledGrant,
  type CompiledPolicy,
  type CompiledRule,
  hitOf,
  type Policy,
  recentGlobHits,
  recentHits,
  recentPaths,
} from './policy.js'

/**
 * The policy that a document spells.
 *
 * @throws PolicyError with every problem of the document, if one of them is an error.
 */
export function compilePolicy(document: PolicyDocument): Policy {
  return compileFor(document, {})
}

/** The policy that a document spells for a router that folds paths. */
export function compileFor(document: PolicyDocument, router: RouterOptions): CompiledPolicy {
  const { rules: parts, diagnostics, value } = assembleChecked(document, foldRulePattern(router))
  if (diagnostics.some((d) => d.severity === 'error')) throw new PolicyError(diagnostics)
  const { preflightStatus = 204, rules: written, origins = {}, invariants = [] } = value as PolicyDocument
  const shared = recentGlobHits()
  const rules = parts.map((part, i) => compileRule(part, written[i]?.paths ?? [], written[i]?.allow ?? [], shared))
  const entries = rules.flatMap((rule, i) => (parts[i] as RuleParts).paths.map((path) => ({ ...path, value: rule.id })))
  return Object.freeze({
    preflightStatus,
    rules: Object.freeze(rules),
    origins: freezeCopy(origins),
    invariants: freezeCopy(invariants),
    router: Object.freeze({ ...router }),
    rulesById: new Map(rules.map((rule) => [rule.id, rule])),
    pathIndex: new PathIndex(entries),
    ...recentPaths(),
    externalOrigins: new Map(),
  })
}

function compileRule(
  parts: RuleParts,
  paths: readonly string[],
  allow: PolicyDocument['rules'][number]['allow'],
  shared: Pick<CompiledRule, 'recentGlobHits'>,
): CompiledRule {
  const grants = parts.grants.map((grant, g) => compileGrant(grant, allow[g]?.origins ?? []))
  const hits = parts.grants.flatMap(({ origins }, g) =>
    origins.exact.map((origin) => hitOf(origin, originHash(origin), grants[g] as CompiledGrant)),
  )
  const patterns = parts.grants.flatMap(({ origins }, g) =>
    origins.patterns.map(({ pattern }, p) => ({
      pattern,
      rank: parts.originRanks[g]?.[p] as number,
      value: grants[g] as CompiledGrant,
    })),
  )
  const anyone = grants.find((_, g) => (parts.grants[g] as GrantParts).origins.anyone !== undefined)
  return Object.freeze({
    id: parts.id,
    paths: Object.freeze([...paths]),
    grants: Object.freeze(grants),
    patterns: parts.paths.map(({ pattern }) => pattern),
    hits,
    exact: OriginTable.of(hits),
    external: [],
    originPatterns: patterns.length === 0 ? undefined : new OriginPatternIndex(patterns),
    ...recentHits(),
    ...shared,
    originGlobs: patterns.map(({ pattern }) => pattern),
    anyone: anyone && hitOf('', 0, anyone),
    isPublic: grants.length === 1 && anyone !== undefined,
    memo: { kept: undefined },
  })
}

function compileGrant({ fields, origins }: GrantParts, written: readonly string[]): CompiledGrant {
  const methods = fields.methods === 'served' ? [] : fields.methods
  const anyMethod = methods.includes('*')
  const anyRequestHeader = fields.requestHeaders.includes('*')
  const names = fields.requestHeaders.filter((name) => name !== '*')
  const { credentials } = fields
  // To a browser `*` is literal beside credentials, and elsewhere it may or may not cover `authorization`.
  const echoesHeaders = anyRequestHeader && (credentials || !fields.requestHeaders.includes('authorization'))
  return Object.freeze({
    origins: Object.freeze([...written]),
    methods: fields.methods === 'served' ? 'served' : Object.freeze([...fields.methods]),
    requestHeaders: Object.freeze([...fields.requestHeaders]),
    exposedHeaders: Object.freeze([...fields.exposedHeaders]),
    credentials,
    maxAge: fields.maxAge,
    accept: freezeCopy(fields.accept),
    externalGroups: Object.freeze([...origins.external]),
    anyMethod,
    methodSet: new Set(methods),
    methodList: Object.freeze([...methods]),
    anyRequestHeader,
    requestHeaderSet: new Set(names),
    requestHeaderTable: tableOf(names),
    allowMethods: fields.methods === 'served' || (anyMethod && credentials) ? undefined : methods.join(','),
    allowHeaders: echoesHeaders ? undefined : fields.requestHeaders.join(','),
    exposeHeaders: fields.exposedHeaders.join(','),
    recentAsked: new Recent<Remembered>(16),
  })
}

function tableOf(names: readonly string[]): LiteralTable<true> {
  const table = new LiteralTable<true>()
  for (const name of names) table.add(name, true)
  return table
}

/** A deep copy of plain data that nobody can change. */
function freezeCopy<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(freezeCopy)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, freezeCopy(v)]))) as T
}
