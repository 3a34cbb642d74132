/**
 * `writeHead`s with a decision in them, the last of each route: for requests without `Origin`, and for all others. Most requests
 * of a route are decided like the one before, and then need nothing made.
 */
import type { Decision } from '@safeconduct/core'
import { isNodes, isWrapped, type RawResponse, type WriteHead, writeHeadWith } from './apply.js'

/** The route that a request ran into. */
export interface Place {
  /** In the table; none where the route is not there, as that of most preflights. */
  readonly index?: number | undefined
  /** As it was declared; none of "not found". */
  readonly url?: string | undefined
}

/** Told the name of a CORS header that a route set otherwise than the decision. */
export type OverruledAt = (header: string, method: string, url: string | undefined) => void

interface Kept {
  readonly decision: Decision
  /** Node's. */
  readonly before: WriteHead
  readonly url: string | undefined
  readonly head: WriteHead
}

export class KeptHeads {
  readonly #overruled: OverruledAt
  readonly #plain: (Kept | undefined)[] = []
  readonly #others: (Kept | undefined)[] = []

  constructor(overruled: OverruledAt) {
    this.#overruled = overruled
  }

  /** Puts a decision on a response. `true`: what was put there may be that of other responses. */
  apply(response: RawResponse, decision: Decision, { index = -1, url }: Place): boolean {
    const list = decision.kind === 'non-cors' ? this.#plain : this.#others
    // The first place is for requests without a route of the table.
    const kept = list[index + 1]
    const { writeHead } = response
    if (kept !== undefined && kept.decision === decision && kept.before === writeHead && kept.url === url) {
      response.writeHead = kept.head
      return true
    }
    const isOwn = isWrapped(response)
    const head = this.#headWith(decision, writeHead, url, !isOwn && isNodes(writeHead))
    response.writeHead = head
    // One that is the response's own holds the request, and its body.
    if (!isOwn) list[index + 1] = { decision, before: writeHead, url, head }
    return !isOwn
  }

  #headWith(decision: Decision, before: WriteHead, url: string | undefined, takesList: boolean): WriteHead {
    return writeHeadWith(
      decision,
      before,
      (header, { req }) => this.#overruled(header, req.method ?? '', url),
      takesList,
    )
  }
}
