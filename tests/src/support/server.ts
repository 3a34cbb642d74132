/** Fastify servers with the plugin, and what goes over the wire to them. */

import type { AddressInfo } from 'node:net'
import type { Policy, PolicyDocument } from '@safeconduct/core'
import safeconduct, { type SafeconductOptions } from '@safeconduct/fastify'
import Fastify, { type FastifyInstance, type FastifyServerOptions, type LightMyRequestResponse } from 'fastify'
import { type Headers, pipelined, type WireAnswer } from './wire.js'

export type { Headers, WireAnswer } from './wire.js'

export interface ServerSetup {
  readonly policy: PolicyDocument | Policy
  readonly fastify?: FastifyServerOptions
  readonly plugin?: Partial<SafeconductOptions>
  /** What is declared before the plugin. */
  readonly before?: (app: FastifyInstance) => unknown
  readonly routes?: (app: FastifyInstance) => unknown
}

/** One line of the server's log. */
export interface LogLine {
  readonly level: number
  readonly msg: string
  readonly plugin?: string
}

export interface Server {
  readonly app: FastifyInstance
  /** What the plugin logged. */
  readonly log: LogLine[]
}

/** A server that is not ready yet. */
export async function declareServer({ policy, fastify, plugin, before, routes }: ServerSetup): Promise<Server> {
  const log: LogLine[] = []
  const stream = {
    write: (text: string): void => {
      const line: LogLine = JSON.parse(text)
      if (line.plugin === 'safeconduct') log.push(line)
    },
  }
  const options: FastifyServerOptions = { ...fastify, logger: { level: 'info', stream } }
  const app = Fastify(options)
  await before?.(app)
  await app.register(safeconduct, { policy, ...plugin })
  await routes?.(app)
  return { app, log }
}

export async function makeServer(setup: ServerSetup): Promise<Server> {
  const server = await declareServer(setup)
  await server.app.ready()
  return server
}

/** Of a server that listens. */
export function portOf({ server }: FastifyInstance): number {
  return (server.address() as AddressInfo).port
}

/** Starts it on a free loopback port, and closes it afterwards. */
export async function listening<T>(app: FastifyInstance, use: (port: number) => Promise<T>): Promise<T> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    return await use(portOf(app))
  } finally {
    await app.close()
  }
}

/** The headers of a response that are the plugin's. */
export function corsHeaders(response: Pick<LightMyRequestResponse, 'headers'>): Headers {
  return Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      /^(access-control-|vary$)/.test(name) ? [[name, String(value)]] : [],
    ),
  )
}

/** One request on a connection of its own. */
export async function send(
  port: number,
  method: string,
  target: string,
  headers: readonly string[] = [],
): Promise<WireAnswer> {
  const [answer] = await pipelined(port, [{ method, target, headers }])
  if (answer === undefined) throw new Error(`${method} ${target}: closed without an answer`)
  return answer
}
