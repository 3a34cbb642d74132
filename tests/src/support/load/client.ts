/**
 * The clients of a load, in a thread of their own: each asks on its connection, again and again, and holds each answer
 * against the policies that were in force between the asking and the answer.
 */
import { connect, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { answersIn, type WireAnswer, written } from '../wire.js'
import { type Asked, asked, expected, seen } from './requests.js'

/** Where server and clients meet: numbers of generations, and whether to stop. */
export const slots = { inForce: 0, coming: 1, stop: 2 } as const

export interface Orders {
  readonly port: number
  readonly connections: number
  /** At least. */
  readonly answers: number
  readonly shared: Int32Array
  readonly seed: number
}

export interface Outcome {
  readonly answers: number
  readonly preflights: number
  readonly allowed: number
  /** Answers during which the policy was replaced. */
  readonly overlapping: number
  readonly failed: readonly string[]
  readonly wrong: readonly string[]
  /** Milliseconds to the answer: of half, of all but one in a hundred, of all. */
  readonly latency: readonly [median: number, p99: number, most: number]
}

const mostTold = 10

class Clients {
  readonly #orders: Orders
  #next: number
  #answers = 0
  #preflights = 0
  #allowed = 0
  #overlapping = 0
  readonly #failed: string[] = []
  readonly #wrong: string[] = []
  readonly #times: number[] = []

  constructor(orders: Orders) {
    this.#orders = orders
    this.#next = orders.seed
  }

  async run(): Promise<Outcome> {
    const { connections, port } = this.#orders
    const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)))
    parentPort?.postMessage('ready')
    await Promise.all(opened.map((connection) => this.#client(connection)))
    const sorted = [...this.#times].sort((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
    return {
      answers: this.#answers,
      preflights: this.#preflights,
      allowed: this.#allowed,
      overlapping: this.#overlapping,
      failed: this.#failed,
      wrong: this.#wrong,
      latency: [at(0.5), at(0.99), at(1)],
    }
  }

  #generation(slot: number): number {
    return Atomics.load(this.#orders.shared, slot)
  }

  async #client(connection: Connection): Promise<void> {
    while (this.#generation(slots.stop) === 0 || this.#answers < this.#orders.answers) {
      const one = this.#choose()
      const from = this.#generation(slots.inForce)
      const start = performance.now()
      try {
        const answer = await connection.ask(one)
        this.#time(performance.now() - start)
        this.#judge(one, answer, from, this.#generation(slots.coming))
      } catch (error) {
        if (this.#failed.length < mostTold) this.#failed.push(`${JSON.stringify(one.wire)}: ${error}`)
        return
      }
    }
    connection.close()
  }

  /** Steps through all requests in an order that no two clients share for long. */
  #choose(): Asked {
    this.#next = (Math.imul(this.#next, 1_664_525) + 1_013_904_223) >>> 0
    return asked[this.#next % asked.length] as Asked
  }

  #time(milliseconds: number): void {
    if (this.#times.length < 1_000_000) this.#times.push(milliseconds)
  }

  #judge(one: Asked, answer: WireAnswer, from: number, to: number): void {
    this.#answers++
    if (one.request.requestMethod !== undefined) this.#preflights++
    if (answer.cors['access-control-allow-origin'] !== undefined) this.#allowed++
    if (from !== to) this.#overlapping++
    const got = seen(answer)
    for (let generation = from; generation <= to; generation++) if (expected(one, generation) === got) return
    if (this.#wrong.length >= mostTold) return
    this.#wrong.push(`${JSON.stringify(one)} in ${from} to ${to}:\n${got}\ninstead of\n${expected(one, to)}`)
  }
}

/** One request at a time. */
class Connection {
  readonly #socket: Socket
  #received = ''
  #method = 'GET'
  #settle: { resolve: (answer: WireAnswer) => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1').setNoDelay()
    socket.on('data', (chunk: string) => this.#take(chunk))
    socket.on('error', (error) => this.#settle?.reject(error))
    socket.on('close', () => this.#settle?.reject(new Error('the server closed the connection')))
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket)))
      socket.once('error', reject)
    })
  }

  ask({ wire }: Asked): Promise<WireAnswer> {
    this.#method = wire.method ?? 'GET'
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(written(wire), 'latin1')
    })
  }

  #take(chunk: string): void {
    this.#received += chunk
    const [answer, more] = answersIn(this.#received, [this.#method])
    if (answer?.isWhole !== true) return
    this.#received = ''
    const settle = this.#settle
    this.#settle = undefined
    if (more === undefined) settle?.resolve(answer)
    else settle?.reject(new Error('two answers to one request'))
  }

  close(): void {
    this.#socket.destroy()
  }
}

if (parentPort !== null && workerData?.shared !== undefined) {
  parentPort.postMessage(await new Clients(workerData as Orders).run())
}
