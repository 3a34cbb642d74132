/** The suite document as a person writes it: the types of `schemas/suite.v1.schema.json`. */
import type { Reason } from '../evaluate/decision.js'

/** Tests of a policy, version 1. `schemas/suite.v1.schema.json` describes each field. */
export interface SuiteDocument {
  readonly $schema?: string
  readonly version: 1
  /** The file of the policy, relative to this one. For the command line; here the policy is handed in. */
  readonly policy?: string
  /** What external groups hold while the suite runs. */
  readonly external?: Readonly<Record<string, readonly string[]>>
  readonly matrices?: readonly MatrixDocument[]
  readonly cases?: readonly CaseDocument[]
}

/** What a server knows of the route beside the request. */
export interface RouteDocument {
  /** The rule that the route names; `false`: nobody. Left out: the path decides. */
  readonly rule?: string | false
  /** What the router serves at the path, for grants with `"methods": "served"`. */
  readonly servedMethods?: readonly string[]
}

/** Origins × paths × methods, with and without credentials: what is not listed as allowed must be refused. */
export interface MatrixDocument extends RouteDocument {
  readonly name: string
  readonly origins: readonly string[]
  readonly paths: readonly string[]
  readonly methods: readonly string[]
  readonly allow: readonly CellsDocument[]
}

/** Cells of a matrix that must be allowed. */
export interface CellsDocument {
  readonly origins: readonly string[]
  /** Default: all of the matrix. */
  readonly paths?: readonly string[]
  /** Default: all of the matrix. */
  readonly methods?: readonly string[]
  /** Whether with credentials too. Default false: with credentials they must be refused. */
  readonly credentials?: boolean
}

/** One of `request` and `fetch`. */
export interface CaseDocument {
  readonly name: string
  readonly request?: RequestDocument
  readonly fetch?: FetchDocument
  readonly expect: ExpectationDocument
}

/** A request as the server receives it. One of `path` and `url`. */
export interface RequestDocument extends RouteDocument {
  /** Default `OPTIONS` where `requestMethod` is given, else `GET`. */
  readonly method?: string
  /** Canonical. */
  readonly path?: string
  /** The request target as received. */
  readonly url?: string
  /** Left out: no CORS request. */
  readonly origin?: string
  readonly requestMethod?: string
  /** Names, or the value as received. */
  readonly requestHeaders?: string | readonly string[]
}

/** A script's `fetch()`. One of `path` and `url`. */
export interface FetchDocument extends RouteDocument {
  /** The page's origin. */
  readonly from: string
  /** Canonical; on a server of another origin than the page's. */
  readonly path?: string
  /** Absolute. */
  readonly url?: string
  /** Default `GET`. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Default `same-origin`. */
  readonly credentials?: 'omit' | 'same-origin' | 'include'
}

/** What is left out is not looked at. */
export interface ExpectationDocument {
  /** Of a request. */
  readonly outcome?: 'allowed' | 'refused' | 'non-cors'
  /** Of a fetch. */
  readonly readable?: boolean
  /** `false`: no rule decides. */
  readonly rule?: string | false
  readonly reason?: Reason | 'no-origin'
  /** Of a preflight request. */
  readonly status?: number
  /** Of a request: CORS headers; `null`: must not be there. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Of a request: all names. */
  readonly vary?: readonly string[]
  /** Of a fetch: all response headers that the script sees beyond the safelisted ones; `["*"]`: every one. */
  readonly exposed?: readonly string[]
  /** Of a fetch: whether the browser asks first. */
  readonly preflight?: boolean
}

/** A suite written in code, typed and otherwise unchanged. */
export function defineSuite(suite: SuiteDocument): SuiteDocument {
  return suite
}
