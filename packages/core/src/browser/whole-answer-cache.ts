/**
 * The CORS-preflight cache as Chromium has it. For an origin and a URL it keeps the last preflight's answer, whole, and
 * asks it again as "CORS-preflight fetch" asked it, with differences that were all measured (Chromium 156):
 *
 * - an answer takes the place of the one before, so what only the former listed is asked for again;
 * - a safelisted method is never asked for again, use-CORS-preflight flag or not;
 * - in an answer to a request with credentials `*` stays literal; it never covers Authorization;
 * - nothing is kept for the origin "null";
 * - a network error forgets nothing.
 */
import type { Deviations } from './deviations.js'
import { type PreflightAnswer, refusal } from './preflight-answer.js'
import type { PreflightCache } from './preflight-cache.js'
import { originAndUrl, type Request, serializedOrigin } from './request.js'

interface Kept extends PreflightAnswer {
  readonly storedAt: number
  readonly credentials: boolean
}

export class WholeAnswerCache implements PreflightCache {
  readonly #answers = new Map<string, Kept>()
  readonly #deviations: Deviations

  constructor(deviations: Deviations) {
    this.#deviations = { ...deviations, authorizationCoveredByWildcard: false }
  }

  covers(request: Request, unsafeNames: readonly string[], now: number): boolean {
    const kept = this.#answers.get(originAndUrl(request))
    if (!kept || now - kept.storedAt >= kept.maxAge) return false
    if (!kept.credentials && request.credentialsMode === 'include') return false
    return refusal(request, unsafeNames, kept, kept.credentials, this.#deviations) === undefined
  }

  store(request: Request, answer: PreflightAnswer, now: number): void {
    if (serializedOrigin(request) === 'null') return
    const credentials = request.credentialsMode === 'include'
    this.#answers.set(originAndUrl(request), { ...answer, storedAt: now, credentials })
  }

  clear(): void {}
}
