/**
 * What routes answer to requests without `Origin`, which most requests of most servers are: those that run into one route by
 * one method are decided alike, where all of them have one path. Made of one policy; another one has answers of its own.
 */
import type { CorsRequest, Decision } from '@safeconduct/core'
import type { WriteHead } from './apply.js'
import type { OwnRoute, RawRequest } from './describe-request.js'

export interface PlainAnswer {
  readonly method: string
  readonly decision: Decision
  /** `writeHead` with the decision in it, for responses that have this one before; none until one was made. */
  head?: { readonly before: WriteHead; readonly decided: WriteHead }
}

export class PlainAnswers {
  /** The last one of each route, by its index. */
  readonly #kept: (PlainAnswer | undefined)[] = []

  find({ method, url, headers }: RawRequest, own: OwnRoute): PlainAnswer | undefined {
    if (headers.origin !== undefined || typeof own !== 'object' || own.path === undefined) return undefined
    const kept = this.#kept[own.index]
    // A target in another form may name another path, or none.
    return kept !== undefined && kept.method === method && url?.startsWith('/') === true ? kept : undefined
  }

  keep({ method, origin, path, servedMethods }: CorsRequest, own: OwnRoute, decision: Decision): void {
    // What is served may depend on the host.
    if (origin !== undefined || servedMethods !== undefined) return
    if (typeof own === 'object' && path !== undefined && path === own.path) this.#kept[own.index] = { method, decision }
  }
}
