/** The corpus, run through `corsRequest` and `evaluate`: the whole decision, to the letter. */
import assert from 'node:assert/strict'
import { corsRequest, type Decision, evaluate } from '@safeconduct/core'
import { Browser, type WireRequest } from '@safeconduct/core/browser'
import { type CorpusCase, type CorpusFile, policyOf, readCorpus, requestOf } from '../../support/corpus.js'
import { headerRecord, requestTarget, serverOf } from '../../support/exchange.js'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { plainDecision, requestedNames } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

for (const file of readCorpus()) {
  const policy = policyOf(file)
  const rows = file.cases.map((each): Row => {
    const check = (): void => {
      const decision = evaluate(policy, requestOf(file, each), { debug: each.debug === true })
      assert.deepEqual(decision, each.decision)
      assertDeeplyFrozen(decision)
      if (each.reads !== undefined) assert.equal(isRead(file, each), each.reads, 'reads')
    }
    return [each.name, check]
  })
  table(`corpus, ${file.topic}: ${file.about}`, rows)
}

/** Plays a script that sends the request, or the one that it announces; everything it sends is decided as the case is. */
function isRead(file: CorpusFile, each: CorpusCase): boolean {
  const policy = policyOf(file)
  const { origin = 'null', ...request } = requestOf(file, each)
  const decide = (wire: WireRequest): Decision => {
    const { path: _, ...sent } = corsRequest(wire.method, requestTarget(wire), headerRecord(wire), file.router)
    return evaluate(policy, { ...request, ...sent }, { debug: each.debug === true })
  }
  const isPreflight = each.decision.kind === 'preflight'
  const given = Object.entries(each.request.headers).flatMap(([name, value]) =>
    /^(origin|access-control-request-)/i.test(name) ? [] : [[name, String(value)] as const],
  )
  const asked = (requestedNames(request.requestHeaders) ?? []).map((name) => [name, '"1"'] as const)
  const method = isPreflight ? (request.requestMethod ?? '') : request.method
  const headers = isPreflight ? asked : given
  const url = `https://server.test${each.request.url}`
  return new Browser({ origin }).fetch({ url, method, headers, credentials: 'omit' }, serverOf(decide)).readable
}

/** The twin reads documents; a policy that was folded for a router is none any more. */
const unfolded = readCorpus().filter(({ router }) => router === undefined)

table(
  'the plain twin decides the corpus alike',
  unfolded.map((file): Row => {
    const check = (): void => {
      const world = { document: file.policy, ...(file.external === undefined ? {} : { external: file.external }) }
      for (const each of file.cases) {
        assert.deepEqual(plainDecision(world, requestOf(file, each), each.debug === true), each.decision, each.name)
      }
    }
    return [file.topic, check]
  }),
)
