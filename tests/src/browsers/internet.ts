/** A small internet on loopback: names, and the site that answers at each, over http and https, on every port. */
import type { Socket } from 'node:net'
import { type Door, openDoor } from './socks-door.js'

export interface Site {
  /** Takes over a connection. */
  accept(socket: Socket, isSecure: boolean): void
  /** Before anything is accepted. */
  open(): Promise<void>
  close(): void
}

export class Internet {
  readonly #sites = new Map<string, Site>()
  #door: Door | undefined

  /** Where a browser finds it: the port of a SOCKS 5 proxy. */
  get port(): number {
    if (this.#door === undefined) throw new Error('the door is closed')
    return this.#door.port
  }

  add(site: Site, ...hosts: readonly string[]): this {
    for (const host of hosts) this.#sites.set(host.replace(/^\[|\]$/g, ''), site)
    return this
  }

  async open(): Promise<void> {
    for (const site of new Set(this.#sites.values())) await site.open()
    this.#door = await openDoor(
      (host) => this.#sites.has(host),
      (socket, host, isSecure) => this.#sites.get(host)?.accept(socket, isSecure),
    )
  }

  async close(): Promise<void> {
    await this.#door?.close()
    for (const site of new Set(this.#sites.values())) site.close()
  }
}
