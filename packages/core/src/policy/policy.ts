/** A compiled policy: what nobody can doubt any more. Plain data, ready to be asked. */
import type { LiteralTable } from '../pattern/literal-table.js'
import type { OriginPatternIndex } from '../pattern/origin-index.js'
import type { OriginPattern } from '../pattern/origin-pattern.js'
import type { OriginEntry, OriginTable } from '../pattern/origin-table.js'
import type { PathIndex } from '../pattern/path-index.js'
import type { PathPattern } from '../pattern/path-pattern.js'
import { Recent, type Remembered } from '../pattern/recent.js'
import type { RouterOptions } from '../web/path.js'
import type { InvariantDocument, OriginGroupDocument, WaiverDocument } from './document.js'
import type { ExternalGrant, ExternalGroup } from './external-origins.js'

/** A grant with its defaults filled in. */
export interface PolicyGrant {
  /** As written: `"*"`, origin globs, `"@group"`. */
  readonly origins: readonly string[]
  /** With `HEAD` wherever there is `GET`. */
  readonly methods: readonly string[] | 'served'
  /** In lower case. */
  readonly requestHeaders: readonly string[]
  /** In lower case. */
  readonly exposedHeaders: readonly string[]
  readonly credentials: boolean
  /** Seconds. */
  readonly maxAge: number
  readonly accept: readonly WaiverDocument[]
}

export interface PolicyRule {
  readonly id: string
  /** As written. */
  readonly paths: readonly string[]
  /** Empty: nobody is allowed. */
  readonly grants: readonly PolicyGrant[]
}

/** What `compilePolicy` makes of a policy document: deeply immutable, to be handed to `evaluate`. */
export interface Policy {
  readonly preflightStatus: number
  readonly rules: readonly PolicyRule[]
  /** As written, external groups included. */
  readonly origins: Readonly<Record<string, OriginGroupDocument>>
  readonly invariants: readonly InvariantDocument[]
  /** How the router folds paths, where the policy was compiled for one that does (`foldPolicy`). */
  readonly router: RouterOptions
}

/** A grant with all that can be computed from it. */
export interface CompiledGrant extends PolicyGrant {
  /** Names of external groups among `origins`. */
  readonly externalGroups: readonly string[]
  readonly anyMethod: boolean
  readonly methodSet: ReadonlySet<string>
  /** The same, for a walk: comparing a few is quicker than hashing one. */
  readonly methodList: readonly string[]
  readonly anyRequestHeader: boolean
  /** Without `*`. */
  readonly requestHeaderSet: ReadonlySet<string>
  /** The same, for names that stand in a longer text. */
  readonly requestHeaderTable: LiteralTable<true>
  /** `Access-Control-Allow-Methods` where it depends on nothing but the grant. */
  readonly allowMethods: string | undefined
  /** `Access-Control-Allow-Headers`, likewise; empty: not sent. `undefined`: the requested names are echoed. */
  readonly allowHeaders: string | undefined
  /** `Access-Control-Expose-Headers`; empty: not sent. */
  readonly exposeHeaders: string
  /** `Access-Control-Request-Headers` that ask for nothing but what is granted, by length. */
  readonly recentAsked: Recent<Remembered>
}

/** A grant as an origin meets it, with the decisions that `evaluate` made of the two and keeps. */
export interface Hit extends OriginEntry {
  readonly grant: CompiledGrant
  nonCors: unknown
  actual: unknown
  options: unknown
  preflight: unknown
}

/** The hit of a grant by an exact origin, or by one that a glob matches. */
export function hitOf(text: string, hash: number, grant: CompiledGrant): Hit {
  return { text, hash, grant, nonCors: undefined, actual: undefined, options: undefined, preflight: undefined }
}

export interface CompiledRule extends PolicyRule {
  readonly grants: readonly CompiledGrant[]
  readonly patterns: readonly PathPattern[]
  /** Of the exact origins of the document, in its order. */
  readonly hits: readonly Hit[]
  /** The same by origin. */
  readonly exact: OriginTable<Hit>
  /** The external groups of its grants that hold something now. */
  readonly external: readonly ExternalGrant[]
  readonly originPatterns: OriginPatternIndex<CompiledGrant> | undefined
  /** By the length of the origin, which costs nothing to tell: of exact origins and of those that globs match. */
  readonly recentHits: Recent<Hit>
  /**
   * By `originHash`: of origins that globs match, and that no exact origin is. All rules share it, and all versions of the
   * policy, so that its bound is the policy's; each has grants of its own to know its hits by.
   */
  readonly recentGlobHits: Recent<Hit>
  /** The globs of all grants that are not exact, for analysis. */
  readonly originGlobs: readonly OriginPattern[]
  /** The grant of `"*"`, whose hit stands for all origins. */
  readonly anyone: Hit | undefined
  /** The rule's only grant is `"*"`: outside OPTIONS its answers do not depend on `Origin`. */
  readonly isPublic: boolean
  /** Decisions that depend on nothing but the rule, made by `evaluate` at first use. */
  readonly memo: { kept: unknown }
}

/** What a rule remembers; each version of it by itself. */
export function recentHits(): Pick<CompiledRule, 'recentHits'> {
  return { recentHits: new Recent(16) }
}

/** What the globs of a policy remember: as many origins as a busy site has previews or tenants at a time. */
export function recentGlobHits(): Pick<CompiledRule, 'recentGlobHits'> {
  return { recentGlobHits: new Recent(1024) }
}

/** A path that was found canonical. */
export interface KnownPath {
  readonly text: string
  /** Its rule; `false`: it has none; `undefined`: nobody asked yet. */
  own: CompiledRule | false | undefined
  /** The rule that a route named last. */
  named: CompiledRule | undefined
}

/** What a policy remembers; each version of it by itself. */
export function recentPaths(): Pick<CompiledPolicy, 'recentPaths'> {
  return { recentPaths: new Recent(16) }
}

export interface CompiledPolicy extends Policy {
  readonly rules: readonly CompiledRule[]
  readonly rulesById: ReadonlyMap<string, CompiledRule>
  /** By path: the id of the rule, so that versions of a policy share the index. */
  readonly pathIndex: PathIndex<string>
  /** By the length of the path. */
  readonly recentPaths: Recent<KnownPath>
  /** What external groups hold now. */
  readonly externalOrigins: ReadonlyMap<string, ExternalGroup>
}

/** Whether a value is a compiled policy, rather than the document of one. */
export function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && 'rulesById' in value && value.rulesById instanceof Map
}

/** Names that browsers, proxies and people write in any case. */
export function lowerCased(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))]
}
