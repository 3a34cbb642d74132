/**
 * A decision put on a response, in the one place that every response passes: `writeHead` of Node. What the application
 * sends, it sends there: replies and errors of Fastify, streams (which call it by themselves), a `Response`, whatever a
 * later hook changed, `reply.hijack()` and `reply.raw`. Setting the headers earlier is tempting, but each of those then
 * loses them, or overwrites `Vary`, in a way of its own.
 *
 * The policy owns the headers of the CORS protocol: what else set them is overruled, and told.
 */
import type { Decision } from '@safeconduct/core'
import { type HeaderValue, withVary } from './vary.js'

const decided: unique symbol = Symbol('safeconduct.decided')

/** What is needed of a response, of HTTP/1 and HTTP/2 alike. */
export interface RawResponse {
  writeHead(status: number, reason?: unknown, headers?: unknown): unknown
  getHeader(name: string): HeaderValue | undefined
  setHeader(name: string, value: HeaderValue): unknown
  removeHeader(name: string): void
  getHeaderNames(): string[]
  readonly headersSent: boolean
  readonly req: { readonly method?: string | undefined }
  [decided]?: true
}

export type WriteHead = RawResponse['writeHead']

/** Told the name of a CORS header that the application set otherwise than the decision, and on which response. */
export type Overruled = (header: string, response: RawResponse) => void

interface Applied {
  readonly decision: Decision
  readonly overruled: Overruled
  /** What is decided, where the application sets nothing like it: a flat list, where that is taken. */
  readonly lines: readonly string[] | undefined
}

/** Fetch, "HTTP responses": the response headers of the CORS protocol. */
const corsHeaders: ReadonlySet<string> = new Set([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'access-control-expose-headers',
])

const shortestCorsHeader = 'access-control-max-age'.length

const applied = Symbol('safeconduct.applied')

/** Whether a decision is on this response already. */
export function isDecided(response: RawResponse): boolean {
  return applied in response.writeHead || response[decided] === true
}

/** For where a later hook may wrap the `writeHead` that tells it. */
export function markDecided(response: RawResponse): void {
  response[decided] = true
}

/** Whether the response has a `writeHead` of its own: ours, or one that a hook or a middleware wrapped around it. */
export function isWrapped(response: RawResponse): boolean {
  return Object.hasOwn(response, 'writeHead')
}

let asked: WriteHead | undefined
let answer = false

/**
 * Whether this is the `writeHead` that Node has for its responses, of HTTP/1 or HTTP/2, and not what an agent or a class of the
 * application has put in its place. Told by the internal symbols in its text; where they are not found, it is none.
 */
export function isNodes(writeHead: WriteHead): boolean {
  if (writeHead === asked) return answer
  asked = writeHead
  answer = /\bkOutHeaders\b|\bkSetHeader\b/.test(Function.prototype.toString.call(writeHead))
  return answer
}

/**
 * The `writeHead` of a response, with a decision: as Node's, headers given to it win over those set before. It holds nothing of
 * one response, and so can be that of many: a property more on each is all that a decision that was made before costs.
 *
 * `takesList`: `writeHead` is Node's. What a middleware or an agent wrapped around it may know of objects only, as Fastify hands
 * them over.
 */
export function writeHeadWith(
  decision: Decision,
  writeHead: WriteHead,
  overruled: Overruled,
  takesList: boolean,
): WriteHead {
  const own: Applied = { decision, overruled, lines: takesList ? linesOf(decision) : undefined }
  function writeDecidedHead(this: RawResponse, status: number, reason?: unknown, given?: unknown): unknown {
    const hasReason = typeof reason === 'string'
    const headers = hasReason ? given : (given ?? reason)
    // Node says what is wrong.
    if ((this.headersSent && isSent(this)) || isOdd(headers)) return writeHead.call(this, status, reason, given)
    const all = withDecision(this, headers, own)
    // What is wrapped around Node's may add to `Vary`, and what it sets is overruled by what it is handed. So is a permission.
    if (own.lines === undefined) setVary(this, all as Headers)
    return hasReason ? writeHead.call(this, status, reason, all) : writeHead.call(this, status, all)
  }
  writeDecidedHead[applied] = true
  return writeDecidedHead
}

/**
 * As Node knows it. @fastify/express gives each response a `headersSent` of its own, which says so as soon as a middleware has
 * *called* `send`; where it says too little, Node's `writeHead` throws as it would.
 */
function isSent(response: RawResponse): boolean {
  return Reflect.get(Object.getPrototypeOf(response), 'headersSent', response) === true
}

function isOdd(headers: unknown): boolean {
  return Array.isArray(headers) && !Array.isArray(headers[0]) && headers.length % 2 === 1
}

type Headers = Record<string, HeaderValue>

function setVary(response: RawResponse, headers: Headers): void {
  if (headers.vary === undefined) return
  response.setHeader('vary', headers.vary)
  delete headers.vary
}

/** The headers to write, in an object or a list of their own: the given one may be the caller's constant. */
function withDecision(response: RawResponse, given: unknown, own: Applied): Headers | HeaderValue[] {
  const set = response.getHeaderNames()
  const { lines } = own
  const isOther = lines === undefined || set.length > 0 || Array.isArray(given)
  return (isOther ? undefined : listed(given as Headers, lines)) ?? merged(response, set, asObject(given), own)
}

/**
 * What most responses have: headers that are none of ours, and are left alone. Node's flat list: filling one takes a third
 * less time than filling an object does. `undefined`: some are ours.
 */
function listed(given: Headers | undefined, lines: readonly string[]): HeaderValue[] | undefined {
  const list: HeaderValue[] = []
  for (const name in given) {
    if (!hasOwnProperty.call(given, name)) continue
    if (isOurs(name)) return undefined
    list.push(name, given[name] as HeaderValue)
  }
  // By index: an iterator is not always left out.
  for (let i = 0; i < lines.length; i++) list.push(lines[i] as string)
  return list
}

function linesOf({ headers, vary }: Decision): readonly string[] {
  const lines: string[] = []
  for (const name in headers) lines.push(name, headers[name] as string)
  if (vary.length > 0) lines.push('vary', withVary(undefined, vary))
  return lines
}

/** In a loop over names V8 knows its answer, as it does not know that of `Object.hasOwn`. */
const { hasOwnProperty } = Object.prototype

/**
 * Whether a header may be one of CORS, or `Vary`: told by the first letter and the length, and false for most. HTTP/2 of Node
 * trims names.
 */
function isOurs(name: string): boolean {
  const first = name.charCodeAt(0) | 0x20
  const { length } = name
  if (first === blank || name.charCodeAt(length - 1) <= blank) return true
  return (first === letterA && length >= shortestCorsHeader) || (first === letterV && length === 'vary'.length)
}

const blank = 0x20
const letterA = 0x61
const letterV = 0x76

function merged(response: RawResponse, set: readonly string[], given: Headers, own: Applied): Headers {
  const headers: Headers = {}
  for (const name of set) {
    if (name !== 'vary' && !corsHeaders.has(name)) continue
    put(headers, name, response.getHeader(name) as HeaderValue, response, own)
    response.removeHeader(name)
  }
  for (const name of Object.keys(given)) put(headers, name, given[name] as HeaderValue, response, own)
  const { headers: decided, vary } = own.decision
  for (const name in decided) headers[name] = decided[name] as string
  if (vary.length > 0) headers.vary = withVary(headers.vary, vary)
  return headers
}

function put(headers: Headers, name: string, value: HeaderValue, response: RawResponse, own: Applied): void {
  if (!isOurs(name)) {
    headers[name] = value
    return
  }
  // Fastify has names in lower case, others may not.
  const key = name.trim().toLowerCase()
  if (key === 'vary') headers.vary = headers.vary === undefined ? value : `${headers.vary}, ${value}`
  else if (!corsHeaders.has(key)) headers[name] = value
  else if (value !== own.decision.headers[key]) own.overruled(key, response)
}

/**
 * Node takes an object, a flat list, or a list of pairs; in lists a name may stand more than once, and be spelt otherwise each
 * time, as in the `rawHeaders` of an upstream. In an object each spelling would overrule the one before.
 */
function asObject(headers: unknown): Headers {
  if (!Array.isArray(headers)) return (headers ?? {}) as Headers
  const object: Headers = {}
  const pairs = Array.isArray(headers[0])
    ? headers
    : headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))
  const spellings = new Map<string, string>()
  for (const [name, value] of pairs) {
    const key = String(name).toLowerCase()
    const known = spellings.get(key)
    if (known === undefined) spellings.set(key, name)
    object[known ?? name] = known === undefined ? value : [object[known], value].flat().map(String)
  }
  return object
}
