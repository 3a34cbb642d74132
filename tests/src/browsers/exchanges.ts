/** What came over the wire to the sites of a test, and what went back. */
import type { Exchange } from '@safeconduct/core/browser'

/** With `includesCredentials` where a cookie came; header names are in lower case. */
export interface Seen extends Exchange {
  /** When it was answered, in seconds. */
  readonly at: number
}

/** A log that all sites share; in the order of the answers. */
export class Exchanges {
  readonly #all: Seen[] = []

  note(exchange: Exchange): void {
    this.#all.push({ ...exchange, at: performance.now() / 1000 })
  }

  /** Those to URLs with this part. */
  containing(part: string): readonly Seen[] {
    return this.#all.filter(({ url }) => url.includes(part))
  }

  /** Those to URLs of this ending. */
  endingIn(end: string): readonly Seen[] {
    return this.#all.filter(({ url }) => url.endsWith(end))
  }
}
