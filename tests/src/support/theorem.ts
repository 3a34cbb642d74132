/**
 * The theorem (docs/assurance.md): a browser lets the script read the response if and only if the policy
 * allows the request. A scene is played: one browser, its preflight cache and its clock, against a server that applies
 * decisions; and every fetch is held against the plain twin.
 */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  compilePolicy,
  corsRequest,
  type Decision,
  evaluate,
  type PolicyDocument,
  withOrigins,
} from '@safeconduct/core'
import {
  Browser,
  type Deviations,
  demandOf,
  type FetchResult,
  isPreflight,
  preflightCacheFor,
  standard,
  type WireRequest,
} from '@safeconduct/core/browser'
import { headerRecord, requestTarget, serverOf, typicalResponse } from './exchange.js'
import type { Scene } from './generate.js'
import { exposedBy, policyAllows, type Wish } from './plain.js'

export interface Stage {
  readonly deviations?: Deviations
  readonly debug?: boolean
  /** The rule of the route that serves a method, where routes name rules: those of one URL may differ. */
  readonly ruleOf?: (method: string) => string | false | undefined
  /** Methods that no answer makes this browser send, granted or not. */
  readonly cannotSend?: (method: string) => boolean
  /** What goes wrong with decisions on their way out. */
  readonly spoilt?: (decision: Decision, request: WireRequest) => Decision
}

const server = 'https://server.test'
const methodsSent = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'FOO', 'patch', 'foo', '*']

/** Plays a scene, and says how many fetches were readable. Throws at the first that is so against the policy, or is not. */
export function play(
  scene: Scene,
  { deviations = standard, debug = false, ruleOf, cannotSend, spoilt = (decision) => decision }: Stage = {},
): number {
  const { document, external, servedMethods } = scene
  const policy = withOrigins(compilePolicy(document), 'tenants', external.tenants)
  const splitByMethod = ruleOf !== undefined && new Set(methodsSent.map(ruleOf)).size > 1
  const decide = (wire: WireRequest): Decision => {
    const request = corsRequest(wire.method, requestTarget(wire), headerRecord(wire))
    const rule = ruleOf?.(isPreflight(wire) ? (request.requestMethod ?? '') : wire.method)
    const asked = { ...request, servedMethods, splitByMethod, ...(rule === undefined ? {} : { rule }) }
    return spoilt(evaluate(policy, asked, { debug }), wire)
  }
  let now = 0
  let readable = 0
  const cache = preflightCacheFor(deviations)
  for (const [i, visit] of scene.visits.entries()) {
    now += visit.after
    const demand = demandOf({ ...visit.init, url: server }, deviations)
    const browser = new Browser({ origin: visit.origin, clock: () => now, cache, deviations })
    const result = browser.fetch({ ...visit.init, url: server + visit.path + visit.query }, serverOf(decide))
    // The API throws: nothing is sent, nothing is read.
    if (demand === undefined) assert.ok(!result.readable && result.exchanges.length === 0)
    else if (!cannotSend?.(demand.method) || result.readable) {
      const wish: Wish = {
        path: visit.path,
        origin: visit.origin,
        method: demand.method,
        headerNames: demand.unsafeHeaderNames,
        credentials: visit.init.credentials === 'include',
        rule: ruleOf?.(demand.method),
        servedMethods,
      }
      agree(scene, wish, result, `fetch ${i + 1}`)
    }
    if (result.readable) readable++
  }
  return readable
}

function agree(world: Scene, wish: Wish, result: FetchResult, about: string): void {
  const isAllowed = policyAllows(world, wish)
  const exposed = isAllowed ? exposedNames(world, wish) : []
  if (result.readable === isAllowed && result.exposedHeaderNames.join() === exposed.join()) return
  const fault = !isAllowed
    ? 'readable, not allowed'
    : result.readable
      ? 'other headers exposed'
      : 'allowed, not readable'
  assert.fail(`${about}: ${fault}\n${inspect({ wish, exposed, result }, { depth: 8 })}`)
}

/** What a script sees of the application's response. */
function exposedNames(world: Scene, wish: Wish): string[] {
  const exposed = exposedBy(world, wish)
  const sent = typicalResponse().headers.map(([name]) => name)
  const safelisted = ['cache-control', 'content-type']
  const all = ['access-control-allow-origin', 'access-control-expose-headers', ...sent]
  return exposed.includes('*')
    ? all.filter((name) => name !== 'set-cookie').sort()
    : sent.filter((name) => name !== 'set-cookie' && (safelisted.includes(name) || exposed.includes(name)))
}

/** Routes of one URL that name rules: which rule is for the numbers to choose. */
export function routesOf(
  document: PolicyDocument,
  numbers: readonly number[],
): (method: string) => string | false | undefined {
  const ids = [...document.rules.map((rule) => rule.id), false, undefined, 'unknown'] as const
  return (method) => ids[(numbers[methodsSent.indexOf(method) % numbers.length] ?? 0) % ids.length]
}
