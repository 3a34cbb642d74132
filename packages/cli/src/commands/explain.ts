/** `safeconduct explain`: why requests are decided as they are. */
import {
  type CorsRequest,
  corsRequest,
  foldPolicy,
  type Policy,
  PolicyError,
  type RouterOptions,
  withOrigins,
} from '@safeconduct/core'
import { type Explanation, explain } from '@safeconduct/core/analysis'
import { Usage } from '../exit.js'
import { type Fold, folds } from '../folds.js'
import type { Io } from '../io.js'
import { pastedRequests } from '../paste.js'
import { addHeader, type PastedHeaders } from '../pasted-request.js'
import { loadPolicy } from '../policy-file.js'
import { explanationLine } from '../report/explanation-line.js'
import type { Report } from '../report/report.js'
import { readPaste } from '../text-file.js'

export interface ExplainOptions {
  /** `Name: value`, as curl has it. */
  readonly header?: readonly string[]
  readonly request?: string
  readonly origin?: string
  /** Explain the preflight that announces the method. */
  readonly preflight?: boolean
  readonly requestHeaders?: string
  /** The rule that the route names; false: nobody. */
  readonly rule?: string | boolean
  /** The methods that the router serves at the path; by default the one that is asked for. */
  readonly served?: string
  readonly splitByMethod?: boolean
  /** What an external group holds: `group=origin`. */
  readonly external?: readonly string[]
  /** How the router folds paths. */
  readonly fold?: readonly Fold[]
  readonly debug?: boolean
  /** A file with a curl command or a HAR; `-`: standard input. */
  readonly paste?: string
}

export async function explainCommand(
  file: string,
  words: readonly string[],
  options: ExplainOptions,
  io: Io,
): Promise<Report> {
  const router = Object.assign({}, ...(options.fold ?? []).map((fold) => folds[fold])) as RouterOptions
  const { requests, passedOver } =
    options.paste === undefined
      ? { requests: [requestOf(words, options, router)], passedOver: 0 }
      : await pasted(options.paste, options, router, io)
  const policy = put(options.external ?? [], folded((await loadPolicy(file, io)).policy, router))
  const explanations = requests.map((request) => explain(policy, request, { debug: options.debug === true }))
  const isOne = explanations.length === 1 && passedOver === 0
  const blank = isOne ? [] : [{ text: '' }]
  const left = passedOver === 0 ? '' : `; ${passedOver} without Origin passed over`
  return {
    command: 'explain',
    files: [file],
    findings: [],
    outcomes: [],
    summary: `${summary(explanations)}${left}`,
    lines: explanations.flatMap((each) => [explanationLine(each, options.served === undefined), ...blank]),
    isSummed: isOne,
    failed: false,
    details: { explanations },
  }
}

function summary(explanations: readonly Explanation[]): string {
  const [only] = explanations
  if (explanations.length === 1 && only) return outcomeOf(only)
  const counts = new Map<string, number>()
  for (const each of explanations.map(outcomeOf)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return `${explanations.length} requests: ${[...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ')}`
}

function outcomeOf({ decision }: Explanation): string {
  if (decision.kind === 'non-cors') return 'no CORS request'
  return decision.allowed ? 'allowed' : `refused (${decision.reason})`
}

function requestOf(words: readonly string[], options: ExplainOptions, router: RouterOptions): CorsRequest {
  const [first, second] = words
  if (first === undefined || words.length > 2)
    throw new Usage('explain takes a policy, a method and a path; or --paste')
  const [method, url] = second === undefined ? [options.request ?? 'GET', first] : [first, second]
  const headers = {
    ...headersOf(options.header ?? []),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  }
  const asks = options.preflight === true || options.requestHeaders !== undefined
  if (asks && headers.origin === undefined) throw new Usage('a preflight has an origin; give --origin')
  const announced = {
    ...(asks ? { 'access-control-request-method': method } : {}),
    ...(options.requestHeaders === undefined ? {} : { 'access-control-request-headers': options.requestHeaders }),
  }
  return withRoute(
    corsRequest(asks ? 'OPTIONS' : method, withoutFragment(url), { ...headers, ...announced }, router),
    options,
  )
}

function headersOf(lines: readonly string[]): PastedHeaders {
  const headers: PastedHeaders = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    if (at < 1) throw new Usage(`${line} is no header; write 'Name: value'`)
    addHeader(headers, line.slice(0, at).trim(), line.slice(at + 1).trim())
  }
  return headers
}

/** What browsers and curl keep for themselves. */
function withoutFragment(url: string): string {
  return /^https?:\/\//i.test(url) ? url.replace(/#.*$/s, '') : url
}

interface Pasted {
  readonly requests: readonly CorsRequest[]
  /** Requests of a HAR file that are no CORS requests, where others are. */
  readonly passedOver: number
}

async function pasted(from: string, options: ExplainOptions, router: RouterOptions, io: Io): Promise<Pasted> {
  const all = pastedRequests(await readPaste(from, io)).map(({ method, url, headers }) =>
    withRoute(corsRequest(method, withoutFragment(url), headers, router), options),
  )
  const requests = all.filter(({ origin }) => origin !== undefined)
  return requests.length === 0
    ? { requests: all, passedOver: 0 }
    : { requests, passedOver: all.length - requests.length }
}

/** What the route of the request adds: the rule that it names, the methods that are served there. */
function withRoute(request: CorsRequest, { rule, served, splitByMethod }: ExplainOptions): CorsRequest {
  const asked = request.requestMethod ?? request.method
  return {
    ...request,
    ...(typeof rule === 'string' || rule === false ? { rule } : {}),
    servedMethods: served === undefined ? [asked] : served.split(',').flatMap((name) => name.trim() || []),
    ...(splitByMethod === true ? { splitByMethod } : {}),
  }
}

function folded(policy: Policy, router: RouterOptions): Policy {
  return Object.keys(router).length === 0 ? policy : asUsage(() => foldPolicy(policy, router))
}

/** External groups with the origins that the program would supply. */
function put(members: readonly string[], policy: Policy): Policy {
  const groups = new Map<string, string[]>()
  for (const member of members) {
    const at = member.indexOf('=')
    if (at < 1) throw new Usage(`${member} is no member of a group; write GROUP=ORIGIN`)
    const name = member.slice(0, at).replace(/^@/, '')
    groups.set(name, [...(groups.get(name) ?? []), member.slice(at + 1)])
  }
  return [...groups].reduce((all, [name, origins]) => asUsage(() => withOrigins(all, name, origins)), policy)
}

function asUsage(make: () => Policy): Policy {
  try {
    return make()
  } catch (error) {
    if (error instanceof PolicyError) throw new Usage(error.diagnostics.map(({ message }) => message).join('\n'))
    throw error
  }
}
