/** Requests, well meant and not: the engine and its plain twin decide alike, in values that nobody can change. */
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import {
  type CorsRequest,
  compilePolicy,
  corsRequest,
  type Decision,
  evaluate as engine,
  type PolicyDocument,
  withOrigins,
} from '@safeconduct/core'
import fc from 'fast-check'
import { requestOf } from '../../support/corpus.js'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { repaired } from '../../support/generate/repair.js'
import { inquiry } from '../../support/generate.js'
import { plainDecision } from '../../support/plain.js'
import { type Area, area } from '../area.js'
import { editedJson, isRecord, type Json } from '../edits.js'
import { loads } from '../loads.js'
import { corpus } from '../seeds.js'

interface Input {
  readonly document: PolicyDocument
  readonly external: Readonly<Record<string, readonly string[]>>
  readonly requests: readonly CorsRequest[]
  readonly debug: boolean
}

/** Files of the corpus whose policy no router folds: the twin reads documents. */
const unfolded = corpus.filter(({ router }) => router === undefined)

const asEdited: fc.Arbitrary<Input> = fc.constantFrom(...unfolded).chain((file) =>
  fc
    .record({
      document: editedJson(fc.constant(file.policy)),
      requests: fc.array(editedJson(fc.constantFrom(...file.cases.map((each) => requestOf(file, each)))), {
        minLength: 1,
        maxLength: 8,
      }),
      debug: fc.boolean(),
    })
    .map(({ document, requests, debug }) => ({
      document: mended(document, file.policy),
      external: file.external ?? {},
      requests: requests.flatMap(asRequest),
      debug,
    })),
)

const drawn: fc.Arbitrary<Input> = fc.record({ asked: inquiry(12), debug: fc.boolean() }).map(({ asked, debug }) => ({
  document: asked.document,
  external: { tenants: asked.external.tenants },
  requests: asked.requests,
  debug,
}))

export function requests(evaluate: typeof engine = engine): Area {
  return area<Input>({
    name: 'requests',
    about: 'the engine decides as its plain twin does',
    inputs: fc.oneof(asEdited, drawn),
    check: ({ document, external, requests: asked, debug }) => {
      if (!loads(document, external)) return
      const policy = policyOf(document, external)
      for (const request of asked.flatMap(asRequest)) {
        const decision = evaluate(policy, request, { debug })
        assertDeeplyFrozen(decision)
        assert.deepEqual(decision, plainDecision({ document, external }, request, debug))
        // From what is kept of the first time.
        assert.deepEqual(evaluate(policy, request, { debug }), decision)
      }
    },
    caseFile: ({ document, external, requests: asked, debug }) => {
      const cases = asked.flatMap(asRequest).map((request, i) => caseOf({ document, external }, request, debug, i))
      if (cases.includes(undefined)) return undefined
      const isSupplied = Object.keys(external).length > 0
      return { about: 'Found by fuzzing.', policy: document, ...(isSupplied ? { external } : {}), cases }
    },
  })
}

function policyOf(document: PolicyDocument, external: Input['external']) {
  return Object.entries(external).reduce(
    (all, [group, members]) => withOrigins(all, group, members),
    compilePolicy(document),
  )
}

/** The corpus has requests as they are received: one that no server could make of what it received is not said there. */
function caseOf(
  world: Pick<Input, 'document' | 'external'>,
  request: CorsRequest,
  debug: boolean,
  i: number,
): object | undefined {
  const { method, path, origin, requestMethod, requestHeaders, ...rest } = request
  const headers = {
    ...(origin === undefined ? {} : { origin }),
    ...(requestMethod === undefined ? {} : { 'access-control-request-method': requestMethod }),
    ...(requestHeaders === undefined ? {} : { 'access-control-request-headers': requestHeaders }),
  }
  const url = path ?? '/..'
  const isSame = isDeepStrictEqual({ ...corsRequest(method, url, headers), ...rest }, request)
  if (!isSame) return undefined
  const decision: Decision = plainDecision(world, request, debug)
  const { splitByMethod, ...route } = rest
  return {
    name: `found by fuzzing ${i + 1}`,
    request: { method, url, headers },
    ...route,
    ...(splitByMethod === true ? { splitByMethod } : {}),
    ...(debug ? { debug } : {}),
    decision,
  }
}

/** An edited policy without what the check finds fault with; the one before, where nothing is left of it. */
function mended(document: Json, before: PolicyDocument): PolicyDocument {
  try {
    return repaired(document)
  } catch {
    return before
  }
}

const texts = ['method', 'path', 'origin', 'requestMethod', 'requestHeaders'] as const

/** What has the types of a request, of what was one before it was edited. */
function asRequest(edited: unknown): readonly CorsRequest[] {
  const value = edited as Json
  if (!isRecord(value) || typeof value.method !== 'string') return []
  const request: Record<string, unknown> = { path: undefined }
  for (const key of texts) if (typeof value[key] === 'string') request[key] = value[key]
  if (typeof value.rule === 'string' || value.rule === false) request.rule = value.rule
  if (typeof value.splitByMethod === 'boolean') request.splitByMethod = value.splitByMethod
  const { servedMethods } = value
  if (Array.isArray(servedMethods) && servedMethods.every((each: Json) => typeof each === 'string')) {
    request.servedMethods = servedMethods
  }
  return [request as unknown as CorsRequest]
}
