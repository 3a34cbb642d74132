/** `safeconduct prove`: promises over all requests, each kept or broken by a request. */
import type { Policy, PolicyDocument } from '@safeconduct/core'
import { type Assumption, assumptions, type Proof, prove, type Query } from '@safeconduct/core/analysis'
import { locationsOf } from '@safeconduct/core/text'
import { builtIn } from '../built-in.js'
import { tangledWords } from '../change-words.js'
import { Usage } from '../exit.js'
import type { Io } from '../io.js'
import { loadPolicy, type PolicyFile } from '../policy-file.js'
import { parseQuery } from '../query.js'
import type { Finding, Line, Outcome, Report } from '../report/report.js'
import { requestWords } from '../request-words.js'

export interface ProveOptions {
  /** Queries as `parseQuery` reads them. */
  readonly never?: readonly string[]
  /** Names of built-in queries. */
  readonly builtin?: readonly string[]
}

interface Promised {
  readonly id: string
  readonly never: Query
  readonly because?: string
  /** Of an invariant of the policy. */
  readonly pointer?: string
}

interface Proven {
  readonly promise: Promised
  readonly proof: Proof
  /** External groups on which it rests, where it is proved. */
  readonly assumed: readonly Assumption[]
  /** Why not, where it is not proved. */
  readonly failure?: string
}

export async function proveCommand(file: string, options: ProveOptions, io: Io): Promise<Report> {
  const asked = [...queried(options), ...builtIns(options)]
  const loaded = await loadPolicy(file, io)
  const promises = [...invariants(loaded.document), ...asked]
  if (promises.length === 0) {
    throw new Usage(
      `${file} has no invariants; give --never QUERY, or --builtin with one of ${[...builtIn.keys()].join(', ')}`,
    )
  }
  const proven = promises.map((promise) => proofOf(loaded.policy, promise))
  const kept = proven.filter(({ failure }) => failure === undefined).length
  return {
    command: 'prove',
    files: [file],
    findings: proven.flatMap((each) => finding(loaded, each)),
    outcomes: proven.map((each) => outcome(file, each)),
    summary: `${kept} of ${proven.length} hold`,
    lines: proven.map(line),
    failed: kept < proven.length,
    details: { proofs: proven.map(({ promise: { id, never }, proof, assumed }) => ({ id, never, ...proof, assumed })) },
  }
}

function invariants(document: PolicyDocument): Promised[] {
  return (document.invariants ?? []).map(({ id, never, because }, i) => ({
    id,
    never,
    pointer: `/invariants/${i}`,
    ...(because === undefined ? {} : { because }),
  }))
}

function queried({ never = [] }: ProveOptions): Promised[] {
  return never.map((text) => ({ id: `never ${text.trim()}`, never: parseQuery(text) }))
}

function builtIns({ builtin = [] }: ProveOptions): Promised[] {
  return builtin.map((name) => {
    const known = builtIn.get(name)
    if (known === undefined)
      throw new Usage(`no built-in query is named ${name}; there are ${[...builtIn.keys()].join(', ')}`)
    return { id: name, never: known.never, because: known.says }
  })
}

function proofOf(policy: Policy, promise: Promised): Proven {
  try {
    const proof = prove(policy, promise.never)
    if (proof.holds) return { promise, proof, assumed: assumptions(policy, promise.never) }
    return { promise, proof, assumed: [], failure: failureOf(proof) }
  } catch (error) {
    // A group that the policy does not have: what else is wrong with a query was told when it was read.
    if (error instanceof TypeError) throw new Usage(`${promise.id}: ${error.message}`)
    throw error
  }
}

function failureOf({ counterexample, tangled }: Proof): string {
  if (counterexample === undefined) return `cannot be proved: ${tangledWords(tangled)}`
  const { request, credentials, ruleId } = counterexample
  return `rule \`${ruleId}\` allows \`${requestWords(request)}\`${credentials ? ' with credentials' : ''}`
}

function assumedWords({ group, counterexample: { request, credentials, ruleId } }: Assumption): string {
  const allowed = `${requestWords(request)}${credentials ? ' with credentials' : ''}`
  return `assumed: @${group} holds no such origin; with ${request.origin} in it, rule ${ruleId} would allow ${allowed}`
}

function described({ id, because }: Promised): string {
  return `\`${id}\`${because === undefined ? '' : ` (${because})`}`
}

function finding({ file, document }: PolicyFile, { promise, proof, failure }: Proven): Finding[] {
  if (failure === undefined) return []
  const message = `${described(promise)} ${proof.counterexample === undefined ? failure : `is broken: ${failure}`}`
  const { pointer } = promise
  const position = pointer === undefined ? undefined : locationsOf(document)?.(pointer)
  const place = { ...(pointer === undefined ? {} : { pointer }), ...(position === undefined ? {} : { position }) }
  const witness = proof.counterexample === undefined ? {} : { witness: proof.counterexample.request }
  return [{ code: 'invariant-violated', severity: 'error', message, file, ...place, ...witness }]
}

function outcome(file: string, { promise, failure }: Proven): Outcome {
  return { name: promise.id, file, ...(failure === undefined ? {} : { failure }) }
}

function line({ promise: { id, because }, assumed, failure }: Proven): Line {
  const text = because === undefined ? id : `${id}: ${because}`
  if (failure === undefined) return { text, tone: 'pass', below: assumed.map((each) => ({ text: assumedWords(each) })) }
  return { text, tone: 'fail', below: [{ text: failure.replaceAll('`', '') }] }
}
