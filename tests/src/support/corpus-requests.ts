/** Every case of the corpus, ready to be asked. */
import type { CorsRequest, Decision, Policy } from '@safeconduct/core'
import { type CorpusCase, type CorpusFile, policyOf, readCorpus, requestOf } from './corpus.js'

export interface CorpusRequest {
  /** Topic and case. */
  readonly name: string
  readonly policy: Policy
  readonly request: CorsRequest
  readonly debug: boolean
  readonly decision: Decision
  readonly file: CorpusFile
  readonly each: CorpusCase
}

export function* corpusRequests(): Iterable<CorpusRequest> {
  for (const file of readCorpus()) {
    const policy = policyOf(file)
    for (const each of file.cases) {
      const { name, debug = false, decision } = each
      yield { name: `${file.topic}: ${name}`, policy, request: requestOf(file, each), debug, decision, file, each }
    }
  }
}
