/** Fastify servers with the plugin, and what goes over the wire to them. */

import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { Policy, PolicyDocument } from '@safeconduct/core'
import safeconduct, { type SafeconductOptions } from '@safeconduct/fastify'
import Fastify, { type FastifyInstance, type FastifyServerOptions, type LightMyRequestResponse } from 'fastify'

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

/** Starts it on a free loopback port, and closes it afterwards. */
export async function listening<T>(app: FastifyInstance, use: (port: number) => Promise<T>): Promise<T> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    return await use((app.server.address() as AddressInfo).port)
  } finally {
    await app.close()
  }
}

const corsHeader = /^(access-control-|vary$)/

export type Headers = Readonly<Record<string, string>>

/** The headers of a response that are the plugin's. */
export function corsHeaders(response: Pick<LightMyRequestResponse, 'headers'>): Headers {
  return Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (corsHeader.test(name) ? [[name, String(value)]] : [])),
  )
}

export interface WireAnswer {
  readonly status: number
  /** With the lines as they came: a name that stands twice has two values. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  readonly cors: Headers
  readonly body: string
}

/** Sends bytes as they are and reads until the server closes. */
export async function sendRaw(port: number, text: string): Promise<WireAnswer> {
  const received = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    let all = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      all += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(all))
  })
  const [head = '', ...body] = received.split('\r\n\r\n')
  const [start = '', ...rest] = head.split('\r\n')
  const lines = rest.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const cors: Record<string, string> = {}
  for (const [name, value] of lines) {
    if (corsHeader.test(name)) cors[name] = name in cors ? `${cors[name]} AND ${value}` : value
  }
  return { status: Number(start.split(' ')[1]), lines, cors, body: body.join('\r\n\r\n') }
}

/** One request on a connection of its own. */
export function send(
  port: number,
  method: string,
  target: string,
  headers: readonly string[] = [],
): Promise<WireAnswer> {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: h.example', 'Connection: close', ...headers]
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n`)
}
