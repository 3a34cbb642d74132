/** Whether a promise is kept, found by a look at every request: the plain twin of `prove`, over the words of `generate/pairs.ts`. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type PolicyDocument, type RuleDocument, withOrigins } from '@safeconduct/core'
import type { NamedPlace, Proof, Query } from '@safeconduct/core/analysis'
import { smallMember, smallOrigins, smallPaths } from '../generate/pairs.js'
import { coversHeader, coversMethod, originMatches, pathMatches, tupleOf } from '../plain.js'
import { PlainDecider } from './abilities.js'

const external = { tenants: [smallMember] }

function isAsked(text: string, origin: string, { origins = {} }: PolicyDocument): boolean {
  if (text === '*') return true
  if (text.startsWith('@')) {
    const group = origins[text.slice(1)] ?? []
    return 'external' in group
      ? origin === smallMember
      : group.some((each) => isAsked(each, origin, { version: 1, rules: [] }))
  }
  const tuple = tupleOf(origin)
  if (tuple === undefined) return false
  // In a promise the host `**` is every host, IP addresses too.
  return text === origin || originMatches(text.replace(/:\/\/\*\*(?=$|:)/, `://${tuple.host}`), tuple)
}

/** Every rule that decides a path of the query, and every rule that only routes can name. */
function rulesAsked(document: PolicyDocument, decider: PlainDecider, { paths }: Query): readonly RuleDocument[] {
  const reached = new Set(smallPaths.map((path) => decider.rule(path)))
  const asked = smallPaths.filter((path) => paths === undefined || paths.some((glob) => pathMatches(glob, path)))
  const met = new Set(asked.map((path) => decider.rule(path)))
  return document.rules.filter((rule) => met.has(rule) || !reached.has(rule))
}

const allNames = ['x-a', 'x-b', 'x-c', 'authorization', 'x-other']

/** Whether some request that the query is about is allowed. */
function isBroken(document: PolicyDocument, never: Query): boolean {
  const decider = new PlainDecider(document, external)
  return rulesAsked(document, decider, never).some((rule) => isBrokenBy(rule, document, decider, never, everyMethod))
}

/** Whether some request that the query is about comes to the place of a route, and the rule that it names allows it. */
function isBrokenAt(document: PolicyDocument, place: NamedPlace, never: Query): boolean {
  const meets =
    (globs: readonly string[] = ['/**']) =>
    (path: string) =>
      globs.some((glob) => pathMatches(glob, path))
  if (!smallPaths.filter(meets(place.paths)).some(meets(never.paths))) return false
  const rule = document.rules.find(({ id }) => id === place.rule) ?? assert.fail(place.rule)
  return isBrokenBy(rule, document, new PlainDecider(document, external), never, place.methods)
}

const everyMethod = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OTHER']

function isBrokenBy(
  rule: RuleDocument,
  document: PolicyDocument,
  decider: PlainDecider,
  never: Query,
  served: readonly string[],
): boolean {
  const origins = smallOrigins.filter(
    (origin) => never.origins?.some((text) => isAsked(text, origin, document)) ?? true,
  )
  const methods =
    never.methods === undefined || never.methods.includes('*')
      ? served
      : never.methods.filter((method) => served.includes(method))
  const names = never.requestHeaders?.flatMap((name) => (name === '*' ? allNames : [name.toLowerCase()]))
  return origins.some((origin) => {
    const grant = decider.grant(rule, origin)
    if (grant === undefined || (never.credentials === true && grant.credentials !== true)) return false
    if (!methods.some((method) => coversMethod(grant, method, [method]))) return false
    return names === undefined || names.some((name) => coversHeader(grant, name))
  })
}

/** A counterexample is a request that the query is about, and the policy allows it. */
function assertCounters({ counterexample, complete }: Proof, document: PolicyDocument, never: Query): void {
  assert.ok(counterexample !== undefined && complete)
  const { request, credentials, ruleId } = counterexample
  const decision = evaluate(withOrigins(compilePolicy(document), 'tenants', external.tenants), request)
  assert.equal(decision.kind !== 'non-cors' && decision.allowed, true, JSON.stringify(counterexample))
  assert.equal(decision.ruleId, ruleId)
  assert.equal(credentials, never.credentials ?? false)
  if (credentials) assert.equal(decision.headers['access-control-allow-credentials'], 'true')
  const { origin = '', path = '', requestMethod, requestHeaders } = request
  const method = requestMethod ?? request.method
  assert.ok(never.origins?.some((text) => isAsked(text, origin, document)) ?? true, origin)
  assert.ok(never.paths?.some((glob) => pathMatches(glob, path)) ?? true, path)
  assert.ok(never.methods?.some((name) => name === '*' || name === method) ?? true, method)
  const asked = never.requestHeaders?.map((name) => name.toLowerCase())
  assert.ok(asked?.some((name) => name === '*' || name === requestHeaders) ?? true, requestHeaders)
}

/** That it holds if and only if no request breaks it, and that what breaks it is shown. */
export function assertProved(proof: Proof, document: PolicyDocument, never: Query): void {
  assert.equal(proof.holds, !isBroken(document, never), JSON.stringify({ document, never, proof }))
  if (!proof.holds) assertCounters(proof, document, never)
}

/** The same of the requests that come to a route that names a rule. */
export function assertProvedAt(proof: Proof, document: PolicyDocument, place: NamedPlace, never: Query): void {
  assert.equal(proof.holds, !isBrokenAt(document, place, never), JSON.stringify({ document, never, place, proof }))
  if (proof.holds) return
  assertCounters(proof, document, never)
  const { method = '', path = '', requestMethod } = proof.counterexample?.request ?? {}
  assert.ok(
    place.paths.some((glob) => pathMatches(glob, path)),
    path,
  )
  assert.ok(place.methods.includes(requestMethod ?? method), method)
}
