/**
 * The policy document as a person writes it: the types of `schemas/policy.v1.schema.json`, and where its text stands.
 */
import type { Position } from '../diagnostic.js'

/** A policy document, version 1. `schemas/policy.v1.schema.json` describes each field. */
export interface PolicyDocument {
  readonly $schema?: string
  readonly version: 1
  /** Status of an allowed preflight, 200 to 299. Default 204. */
  readonly preflightStatus?: number
  /** Named groups of origins, written `"@name"` where origins are listed. */
  readonly origins?: Readonly<Record<string, OriginGroupDocument>>
  readonly rules: readonly RuleDocument[]
  readonly invariants?: readonly InvariantDocument[]
}

/** Origin globs, or `external`: exact origins that the program supplies while it runs (`withOrigins`). */
export type OriginGroupDocument = readonly string[] | { readonly external: true }

export interface RuleDocument {
  /** Unique, kebab-case; named in every decision, log and diff. */
  readonly id: string
  /** Path globs; may be empty when only routes name the rule. */
  readonly paths: readonly string[]
  /** Grants; empty: nobody, whatever broader rules say. */
  readonly allow: readonly GrantDocument[]
}

export interface GrantDocument {
  /** `"*"` (anyone, anonymously), origin globs, `"@group"`. */
  readonly origins: readonly string[]
  /** Method tokens, `["*"]`, or `"served"`. Default `["GET", "HEAD", "POST"]`. `GET` implies `HEAD`. */
  readonly methods?: readonly string[] | 'served'
  /** Names, or with `"*"`. Default none. `"*"` covers `authorization` only where that is listed too. */
  readonly requestHeaders?: readonly string[]
  /** Names, or `["*"]` (anonymous grants only). Default none. */
  readonly exposedHeaders?: readonly string[]
  /** Default false. */
  readonly credentials?: boolean
  /** Seconds, or `"10m"`, `"2h"`, `"1d"`. 0 disables caching; at most one day. Default 600. */
  readonly maxAge?: number | string
  /** Diagnostics waived on this grant. */
  readonly accept?: readonly WaiverDocument[]
}

export interface WaiverDocument {
  readonly code: string
  readonly because: string
  /** A date, `YYYY-MM-DD`. Checked by the command line, never at run time. */
  readonly until?: string
}

/** What must never be allowed, whatever the rules come to say. */
export interface InvariantDocument {
  readonly id: string
  readonly never: {
    readonly origins?: readonly string[]
    readonly paths?: readonly string[]
    readonly methods?: readonly string[]
    readonly requestHeaders?: readonly string[]
    readonly credentials?: boolean
  }
  readonly because?: string
}

/**
 * A policy written in code, typed and otherwise unchanged.
 *
 *     export default definePolicy({ version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [] }] })
 */
export function definePolicy(document: PolicyDocument): PolicyDocument {
  return document
}

/**
 * Where the value at a JSON Pointer stands in the text, or the key before it. For a pointer to nothing: where its nearest
 * ancestor stands.
 */
export type Locate = (pointer: string, part?: 'key' | 'value') => Position

const locations = Symbol.for('safeconduct.locations')

/** Marks a parsed document with its positions. The mark is not enumerable: a copy of the document does not carry it. */
export function withLocations<T extends object>(document: T, locate: Locate): T {
  Object.defineProperty(document, locations, { value: locate })
  return document
}

/** The positions of a document that came from text, if it is still the object that `parsePolicy` returned. */
export function locationsOf(document: unknown): Locate | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  try {
    return (document as { [locations]?: Locate })[locations]
  } catch {
    // A proxy of the caller's threw; nothing that came from text does.
    return undefined
  }
}
