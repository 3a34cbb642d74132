/** A server under load while its policy is replaced: every answer is checked, and the memory watched. */
import { Worker } from 'node:worker_threads'
import type { Policy } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { settledHeap } from '../heap.js'
import { makeServer, portOf } from '../server.js'
import { type Orders, type Outcome, slots } from './client.js'
import { declareRoutes } from './requests.js'
import { malformed, policyOf } from './worlds.js'

export interface LoadOptions {
  readonly seconds: number
  /** Goes on until so many answers are in. */
  readonly answers?: number
  readonly connections: number
  /** Milliseconds from one policy to the next. */
  readonly every?: number
  /** Puts a policy in force; by default `replace`. */
  readonly put?: (app: FastifyInstance, policy: Policy) => void
}

export interface LoadReport extends Outcome {
  readonly seconds: number
  readonly replaced: number
  readonly offersRefused: number
  /** What `replace` took or left that it should not have. */
  readonly misjudged: readonly string[]
  /** Bytes of the server's heap, garbage collected, each second; the first when it is warm. */
  readonly heap: readonly number[]
}

export async function load({
  seconds,
  answers = 0,
  connections,
  every = 100,
  put = (app, policy) => app.safeconduct.replace(policy),
}: LoadOptions): Promise<LoadReport> {
  const { app } = await makeServer({ policy: policyOf(0), routes: declareRoutes, plugin: { logLevel: 'silent' } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const shared = new Int32Array(new SharedArrayBuffer(12))
  const replacements = new Replacements(app, shared, put)
  const heap: number[] = []
  const orders: Orders = { port: portOf(app), connections, answers, shared, seed: 1 }
  const clients = new Worker(new URL('client.js', import.meta.url), { workerData: orders })
  const outcome = new Promise<Outcome>((resolve, reject) => {
    clients.once('error', reject)
    clients.on('message', (message: Outcome | 'ready') => {
      if (message === 'ready') start()
      else resolve(message)
    })
  })
  const timers: NodeJS.Timeout[] = []
  const start = (): void => {
    timers.push(
      setInterval(() => replacements.next(), every),
      setInterval(() => heap.push(settledHeap()), 1_000),
      setTimeout(() => Atomics.store(shared, slots.stop, 1), seconds * 1_000),
    )
  }
  try {
    const result = await outcome
    const { replaced, offersRefused, misjudged } = replacements
    return { ...result, seconds, replaced, offersRefused, misjudged, heap }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    await clients.terminate()
    await app.close()
  }
}

/** One generation after the other, with something malformed offered in between. */
class Replacements {
  replaced = 0
  offersRefused = 0
  readonly misjudged: string[] = []
  readonly #app: FastifyInstance
  readonly #shared: Int32Array
  readonly #put: Required<LoadOptions>['put']
  #compiled: Policy | undefined

  constructor(app: FastifyInstance, shared: Int32Array, put: Required<LoadOptions>['put']) {
    this.#app = app
    this.#put = put
    this.#shared = shared
  }

  next(): void {
    this.#offer()
    const generation = this.replaced + 1
    // From now on an answer may be of the new one; when it is in force, none may be of the old one.
    Atomics.store(this.#shared, slots.coming, generation)
    this.#compiled = policyOf(generation, this.#compiled)
    this.#put(this.#app, this.#compiled)
    Atomics.store(this.#shared, slots.inForce, generation)
    this.replaced = generation
  }

  #offer(): void {
    const { safeconduct } = this.#app
    const before = safeconduct.policy
    const i = this.replaced % malformed.length
    try {
      safeconduct.replace(malformed[i]?.() as Policy)
      this.misjudged.push(`${i} was taken`)
    } catch {
      this.offersRefused++
    }
    if (safeconduct.policy !== before) this.misjudged.push(`${i} was refused, and is in force`)
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Bytes by which the heap grew from the first minute to the last, or from the first third to the last of a shorter run. */
export function growth({ heap }: Pick<LoadReport, 'heap'>): number {
  if (heap.length < 2) return 0
  const span = Math.max(1, Math.min(60, Math.floor(heap.length / 3)))
  return median(heap.slice(-span)) - median(heap.slice(0, span))
}

/** Bytes. Compiled code and caches of V8 come and go by some hundred kilobytes; one leaked request in ten would be more. */
export const mostGrowth = 1024 * 1024
