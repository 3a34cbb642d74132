/**
 * The plain twin of the engine: what a policy document means (its rules, its grants, and the answers that follow), read
 * straight from the document, with no index, no compilation and no memory. Slow, and right at a glance. It shares nothing
 * with the engine but the types of what goes in and comes out.
 */
import type { CorsRequest, Decision, GrantDocument, PolicyDocument, Reason, RuleDocument } from '@safeconduct/core'
import { originMatches, originWithin, tupleOf } from './plain/origin-glob.js'
import { pathMatches, pathWithin } from './plain/path-glob.js'

export { originMatches, originWithin, tupleOf } from './plain/origin-glob.js'
export { pathMatches, pathWithin } from './plain/path-glob.js'

/** A document, and what its external groups hold. */
export interface World {
  readonly document: PolicyDocument
  readonly external?: Readonly<Record<string, readonly string[]>>
}

/** What a script wants: the names are the CORS-unsafe ones among the headers that it set, in lower case. */
export interface Wish {
  readonly path: string | undefined
  readonly origin: string
  readonly method: string
  readonly headerNames: readonly string[]
  /** Whether its credentials mode is "include". */
  readonly credentials: boolean
  readonly rule?: string | false | undefined
  readonly servedMethods?: readonly string[] | undefined
}

/** docs/assurance.md, the theorem: the rule's deciding grant covers origin, method, credentials mode and every header name. */
export function policyAllows(world: World, wish: Wish): boolean {
  const grant = grantFor(world, wish)
  return (
    grant !== undefined &&
    coversMethod(grant, wish.method, wish.servedMethods) &&
    wish.headerNames.every((name) => coversHeader(grant, name)) &&
    (grant.credentials === true || !wish.credentials)
  )
}

/** The response headers that a script may read where the policy allows its request, beside the safelisted ones. */
export function exposedBy(world: World, wish: Wish): readonly string[] {
  return lowerCase(grantFor(world, wish)?.exposedHeaders ?? [])
}

function grantFor(world: World, wish: Wish): GrantDocument | undefined {
  const rule = decidingRule(world.document, wish)
  const grant = typeof rule === 'string' ? undefined : decidingGrant(world, rule, wish.origin)
  return typeof grant === 'string' ? undefined : grant
}

/** The things of which none is more general than another: those that decide. */
function mostSpecific<T>(things: readonly T[], isWithin: (narrow: T, wide: T) => boolean): readonly T[] {
  return things.filter((thing) => !things.some((other) => isWithin(other, thing) && !isWithin(thing, other)))
}

/** The one owner of what decides. A policy that leaves it open should not have loaded. */
function onlyOwner<T>(owners: readonly T[], about: string): T | undefined {
  const [first, ...others] = new Set(owners)
  if (others.length > 0) throw new Error(`ambiguous: ${about}`)
  return first
}

type NoRule = 'path-malformed' | 'nobody-allowed' | 'unknown-rule' | 'no-rule'
type NoGrant = 'nobody-allowed' | 'origin-malformed' | 'origin-not-allowed'

export function decidingRule(
  { rules }: PolicyDocument,
  { path, rule }: Pick<Wish, 'path' | 'rule'>,
): RuleDocument | NoRule {
  if (path === undefined || !isCanonical(path)) return 'path-malformed'
  if (rule === false) return 'nobody-allowed'
  if (rule !== undefined) return rules.find(({ id }) => id === rule) ?? 'unknown-rule'
  const globs = rules.flatMap((owner) => owner.paths.map((glob) => ({ owner, glob })))
  const matching = globs.filter(({ glob }) => pathMatches(glob, path))
  const deciding = mostSpecific(matching, (a, b) => pathWithin(a.glob, b.glob))
  return (
    onlyOwner(
      deciding.map(({ owner }) => owner),
      path,
    ) ?? 'no-rule'
  )
}

/** docs/policy.md, "Hostile input": no NUL, backslash, query or fragment, no dot segment, no escape that the router decodes. */
function isCanonical(path: string): boolean {
  const segments = path.split(/\/|%2F/)
  return (
    path.length <= 65_536 &&
    path.startsWith('/') &&
    !/[\0\\?#]|%(?!2[3-6BCF]|3[ABDF]|40)/.test(path) &&
    !segments.includes('.') &&
    !segments.includes('..')
  )
}

export function decidingGrant(
  { document, external = {} }: World,
  rule: RuleDocument,
  origin: string,
): GrantDocument | NoGrant {
  if (rule.allow.length === 0) return 'nobody-allowed'
  const tuple = tupleOf(origin)
  if (tuple === undefined && origin !== 'null') return 'origin-malformed'
  const entries = rule.allow.flatMap((owner) =>
    owner.origins.flatMap((text) => members(document, external, text).map((glob) => ({ owner, ...glob }))),
  )
  const matching = entries.filter(({ glob }) => glob === '*' || (tuple !== undefined && originMatches(glob, tuple)))
  // A static origin wins over the same external one.
  const isStatic = matching.some(({ glob, isExternal }) => glob === origin && !isExternal)
  const deciding = mostSpecific(
    matching.filter(({ isExternal }) => !(isStatic && isExternal)),
    (a, b) => b.glob === '*' || (a.glob !== '*' && originWithin(a.glob, b.glob)),
  )
  return (
    onlyOwner(
      deciding.map(({ owner }) => owner),
      origin,
    ) ?? 'origin-not-allowed'
  )
}

interface Member {
  readonly glob: string
  readonly isExternal: boolean
}

function members(document: PolicyDocument, external: Required<World>['external'], text: string): readonly Member[] {
  if (!text.startsWith('@')) return [{ glob: text, isExternal: false }]
  const name = text.slice(1)
  const group = document.origins?.[name] ?? []
  if ('external' in group) return (external[name] ?? []).map((glob) => ({ glob, isExternal: true }))
  return group.map((glob) => ({ glob, isExternal: false }))
}

const isForbiddenMethod = (method: string): boolean => /^(connect|trace|track)$/i.test(method)
/** A token, and no longer than any that there is a use for. */
const isMethod = (method: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/.test(method)
const lowerCase = (names: readonly string[]): string[] => [...new Set(names.map((name) => name.toLowerCase()))]

/** `GET` implies `HEAD`. */
function withHead(methods: readonly string[]): readonly string[] {
  const all = [...new Set(methods)]
  return all.includes('HEAD') ? all : all.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

function methodsOf(grant: GrantDocument, served: readonly string[] | undefined): readonly string[] {
  if (grant.methods === 'served') {
    const methods = (served ?? []).filter((method) => isMethod(method) && !isForbiddenMethod(method))
    return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)]
  }
  return withHead(grant.methods ?? ['GET', 'HEAD', 'POST'])
}

export function coversMethod(grant: GrantDocument, method: string, served: readonly string[] | undefined): boolean {
  const methods = methodsOf(grant, served)
  if (!isMethod(method) || isForbiddenMethod(method)) return false
  return methods.includes(method) || (grant.methods !== 'served' && methods.includes('*'))
}

/**
 * `*` covers `authorization` only where that is listed too; and a header of the name `*` only where the answer says `*`,
 * for what a browser reads there it takes for all names.
 */
export function coversHeader(grant: GrantDocument, name: string): boolean {
  const names = lowerCase(grant.requestHeaders ?? [])
  if (name === '*') return saysStar(grant)
  return names.includes(name) || (names.includes('*') && name !== 'authorization')
}

/** Whether `*` can be sent: with credentials it is literal, and without `authorization` beside it browsers disagree. */
function saysStar({ requestHeaders = [], credentials }: GrantDocument): boolean {
  const names = lowerCase(requestHeaders)
  return names.includes('*') && names.includes('authorization') && credentials !== true
}

/** The names of Access-Control-Request-Headers; undefined where it is malformed or out of bounds. */
export function requestedNames(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return []
  const names = text
    .split(',')
    .map((element) => element.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((element) => element !== '')
  const inBounds = text.length <= 8192 && names.length <= 128
  return inBounds && names.every((name) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) ? lowerCase(names) : undefined
}

const varyOfOptions = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers']

/** docs/policy.md, "What a response says" and what it builds on, in the order of the standard's steps. */
export function plainDecision(world: World, request: CorsRequest, debug = false): Decision {
  const { method, origin, requestMethod, servedMethods } = request
  const rule = decidingRule(world.document, request)
  const ruleId = typeof rule === 'string' ? {} : { ruleId: rule.id }
  const allow = typeof rule === 'string' ? [] : rule.allow
  const [onlyGrant] = allow.length === 1 ? allow : []
  const anyone = onlyGrant?.origins.includes('*') ? onlyGrant : undefined
  const vary = allow.length === 0 ? [] : method === 'OPTIONS' ? varyOfOptions : anyone ? [] : ['Origin']

  if (origin === undefined) {
    const headers = anyone && coversMethod(anyone, method, servedMethods) ? actualHeaders(anyone, '*') : {}
    return { kind: 'non-cors', ...ruleId, reason: 'no-origin', headers, vary }
  }
  const isPreflight = method === 'OPTIONS' && requestMethod !== undefined
  const refuse = (reason: Reason): Decision => {
    const refused = { allowed: false, ...ruleId, reason, headers: {}, vary }
    return isPreflight ? { kind: 'preflight', ...refused, status: 403 } : { kind: 'actual', ...refused }
  }
  if (typeof rule === 'string') return refuse(rule)
  const grant = anyone && !isPreflight ? anyone : decidingGrant(world, rule, origin)
  if (typeof grant === 'string') return refuse(grant)
  const asked = isPreflight ? requestMethod : method
  const names = isPreflight ? requestedNames(request.requestHeaders) : []
  const refusal = methodRefusal(grant, asked, servedMethods) ?? headersRefusal(grant, names)
  if (!isPreflight) {
    if (refusal !== undefined) return refuse(refusal)
    return { kind: 'actual', allowed: true, ...ruleId, reason: 'allowed', headers: actualHeaders(grant, origin), vary }
  }
  const wouldBeSent = refusal?.startsWith('method') === true && ['GET', 'HEAD', 'POST'].includes(asked)
  const debugged = debug && refusal !== 'request-headers-malformed' && !wouldBeSent
  if (refusal !== undefined && !debugged) return refuse(refusal)
  const status = world.document.preflightStatus ?? 204
  const headers = { ...shared(grant, origin), ...lists(grant, request, names ?? [], refusal) }
  return {
    kind: 'preflight',
    allowed: refusal === undefined,
    ...ruleId,
    reason: refusal ?? 'allowed',
    status,
    headers,
    vary,
  }
}

function methodRefusal(
  grant: GrantDocument,
  method: string,
  served: readonly string[] | undefined,
): Reason | undefined {
  if (coversMethod(grant, method, served)) return undefined
  return isMethod(method) ? 'method-not-allowed' : 'method-malformed'
}

function headersRefusal(grant: GrantDocument, names: readonly string[] | undefined): Reason | undefined {
  if (names === undefined) return 'request-headers-malformed'
  return names.every((name) => coversHeader(grant, name)) ? undefined : 'request-headers-not-allowed'
}

function shared(grant: GrantDocument, origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': grant.origins.includes('*') ? '*' : origin,
    ...(grant.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
  }
}

function actualHeaders(grant: GrantDocument, origin: string): Record<string, string> {
  const exposed = lowerCase(grant.exposedHeaders ?? []).join(',')
  return { ...shared(grant, origin), ...(exposed === '' ? {} : { 'access-control-expose-headers': exposed }) }
}

/** In full, but where only what was asked for may be listed; and where something was refused, nothing that admits it. */
function lists(
  grant: GrantDocument,
  { requestMethod = '', servedMethods, splitByMethod = false }: CorsRequest,
  names: readonly string[],
  refusal: Reason | undefined,
): Record<string, string> {
  const methods = methodsOf(grant, servedMethods)
  const echoesMethod = splitByMethod || (methods.includes('*') && grant.credentials === true)
  const methodRefused = refusal?.startsWith('method') === true
  const admitsAny = echoesMethod || (grant.methods !== 'served' && methods.includes('*'))
  const listedMethods = methodRefused && admitsAny ? [] : echoesMethod ? [requestMethod] : methods

  const known = lowerCase(grant.requestHeaders ?? [])
  const echoesNames = splitByMethod || (known.includes('*') && !saysStar(grant))
  const listedNames = echoesNames ? names.filter((name) => coversHeader(grant, name)) : known
  return {
    ...(listedMethods.length === 0 && !methodRefused
      ? {}
      : { 'access-control-allow-methods': listedMethods.join(',') }),
    ...(listedNames.length === 0 ? {} : { 'access-control-allow-headers': listedNames.join(',') }),
    ...(refusal === undefined
      ? { 'access-control-max-age': String(splitByMethod ? 0 : secondsOf(grant.maxAge ?? 600)) }
      : {}),
  }
}

function secondsOf(maxAge: number | string): number {
  const [, count = maxAge, unit = ''] = /^([0-9]+)([mhd])$/.exec(String(maxAge)) ?? []
  return Number(count) * ({ m: 60, h: 3600, d: 86_400 }[unit] ?? 1)
}
