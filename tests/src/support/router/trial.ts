/** A scene tried over sockets: every target with each method, host and version, and the preflights that announce them. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { listening } from '../server.js'
import { pipelined, type WireRequest } from '../wire.js'
import { type Install, started } from './declare.js'
import { type Ask, answeredBefore, type Binding, type Exchange, Judge, ranOf } from './judge.js'
import {
  host as constrainedHost,
  version as constrainedVersion,
  ownHeader,
  ownOrigin,
  ruleIds,
  type Scene,
  scene,
  shared,
} from './scene.js'
import { type Kind, kinds, type Target } from './targets.js'

/** What came of the targets of a kind; requests, but for the first. */
export interface Count {
  targets: number
  requests: number
  /** That a handler answered. */
  ran: number
  notFound: number
  /** Answered by Fastify or by Node's parser before any hook. */
  early: number
  allowed: number
  refused: number
  preflights: number
}

export class Tally {
  servers = 0
  notStarted = 0
  readonly byKind: ReadonlyMap<Kind, Count> = new Map(
    kinds.map((kind) => [
      kind,
      { targets: 0, requests: 0, ran: 0, notFound: 0, early: 0, allowed: 0, refused: 0, preflights: 0 },
    ]),
  )

  get total(): Count {
    const sum: Count = { targets: 0, requests: 0, ran: 0, notFound: 0, early: 0, allowed: 0, refused: 0, preflights: 0 }
    for (const count of this.byKind.values()) {
      for (const key of Object.keys(sum) as (keyof Count)[]) sum[key] += count[key]
    }
    return sum
  }

  add(kind: Kind, { ask, answer }: Exchange): void {
    const count = this.byKind.get(kind) as Count
    const isEarly = answeredBefore(answer) !== undefined
    count.requests++
    if (ranOf(answer) !== undefined) count.ran++
    else if (isEarly) count.early++
    else if (answer.status === 404) count.notFound++
    if (ask.requestMethod !== undefined) count.preflights++
    if (!isEarly) count[answer.cors['access-control-allow-origin'] === undefined ? 'refused' : 'allowed']++
  }
}

const targetsAScene = 24

/** So many random targets at least. Throws where the answer to one is wrong, with the least scene that shows it. */
export async function tried(targets: number, install: Install): Promise<Tally> {
  const tally = new Tally()
  await fc.assert(
    fc.asyncProperty(scene, async (sample) => {
      const found = await complaints(sample, install, tally)
      assert.ok(found.length === 0, found.join('\n'))
    }),
    // About a third of the scenes does not start.
    { numRuns: Math.ceil((targets / targetsAScene) * 1.8) },
  )
  assert.ok(tally.total.targets >= targets, `${tally.total.targets} targets on ${tally.servers} servers`)
  return tally
}

/** What is wrong with a scene's answers, the first of each target. No server: nothing. */
export async function complaints(scene: Scene, install: Install, tally: Tally): Promise<readonly string[]> {
  const app = await started(scene, install)
  if (app === undefined) {
    tally.notStarted++
    return []
  }
  tally.servers++
  return listening(app, async (port) => {
    const found: string[] = []
    for (const [i, target] of scene.targets.entries()) {
      const hosts = hostsOf(scene)
      const about = complaintsOf(port, scene, target, hosts[i % hosts.length] as string, tally)
      // A policy that the plain twin finds ambiguous, or routes that a preflight cannot tell apart, should not have started.
      found.push(...(await about.catch((error: Error) => [`${error.message}\n  ${JSON.stringify(scene)}`])))
    }
    return found
  })
}

function hostsOf({ routes }: Scene): readonly string[] {
  return routes.some(({ host }) => host !== undefined) ? ['h.example', constrainedHost] : ['h.example']
}

function methodsOf({ routes }: Scene): readonly string[] {
  const declared = new Set(routes.flatMap(({ methods }) => methods))
  if (declared.has('GET')) declared.add('HEAD')
  return [...declared, 'DELETE']
}

function versionsOf({ routes }: Scene): readonly (string | undefined)[] {
  return routes.some(({ version }) => version !== undefined) ? [undefined, constrainedVersion, '7.0.0'] : [undefined]
}

async function complaintsOf(
  port: number,
  scene: Scene,
  { kind, text }: Target,
  host: string,
  tally: Tally,
): Promise<readonly string[]> {
  const methods = methodsOf(scene)
  const actuals = await exchanged(port, text, host, [
    ...methods.flatMap((method) => versionsOf(scene).map((version) => ({ method, origin: shared, version }))),
    { method: 'GET', origin: ownOrigin('nobody') },
  ])
  const judge = new Judge(scene, text, actuals)
  const preflights = await exchanged(
    port,
    text,
    host,
    methods.flatMap((requestMethod, i) => announcing(requestMethod, judge.ruleOf(requestMethod), i + text.length)),
  )
  ;(tally.byKind.get(kind) as Count).targets++
  for (const exchange of [...actuals, ...preflights]) {
    tally.add(kind, exchange)
    const complaint = judge.complaint(exchange)
    if (complaint === undefined) continue
    const { targets: _, ...rest } = scene
    return [
      `${kind} ${JSON.stringify(text)} at ${host}: ${JSON.stringify(exchange.ask)} ${complaint}, ran ${ranOf(exchange.answer)}\n  ${JSON.stringify(rest)}`,
    ]
  }
  return []
}

/** One that the expected rule allows and no other does; and one that another rule would allow. */
function announcing(requestMethod: string, rule: Binding, die: number): readonly Ask[] {
  const expected = typeof rule === 'string' ? rule : (ruleIds[die % ruleIds.length] as string)
  const other = ruleIds.filter((id) => id !== expected)[die % (ruleIds.length - 1)] as string
  return [
    { method: 'OPTIONS', origin: shared, requestMethod, requestHeaders: ownHeader(expected) },
    die % 2 === 0
      ? { method: 'OPTIONS', origin: ownOrigin(other), requestMethod }
      : { method: 'OPTIONS', origin: shared, requestMethod, requestHeaders: ownHeader(other) },
  ]
}

async function exchanged(
  port: number,
  target: string,
  host: string,
  asks: readonly Ask[],
): Promise<readonly Exchange[]> {
  const answers = await pipelined(
    port,
    asks.map((ask) => wireRequest(ask, target, host)),
  )
  const [first] = answers
  // What Node cannot parse ends the connection: all of these requests have the same target.
  const isRefused = answers.length === 1 && first !== undefined && answeredBefore(first) === 'Node'
  if (!isRefused && answers.length !== asks.length)
    throw new Error(`${answers.length} answers to ${asks.length} requests for ${JSON.stringify(target)}`)
  return asks.flatMap((ask, i) => {
    const answer = isRefused ? first : answers[i]
    return answer === undefined ? [] : [{ ask, answer }]
  })
}

function wireRequest(
  { method, origin, version, requestMethod, requestHeaders }: Ask,
  target: string,
  host: string,
): WireRequest {
  const optional = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${name}: ${value}`]
  const headers = [
    `Host: ${host}`,
    `Origin: ${origin}`,
    ...optional('Accept-Version', version),
    ...optional('Access-Control-Request-Method', requestMethod),
    ...optional('Access-Control-Request-Headers', requestHeaders),
  ]
  return { method, target, headers }
}
