/**
 * The corpus through a server: the same cases that the engine decides, over `inject` and over a socket. The server has no
 * routes, so that paths decide; what routes add to a request (a rule's name, the methods that are served) is left to the
 * tests of routes.
 */
import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { withOrigins } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { type CorpusCase, type CorpusFile, readCorpus } from '../support/corpus.js'
import { corsHeaders, type Headers, listening, makeServer, send } from '../support/server.js'
import { type Row, table } from '../support/table.js'

/** What cannot come over HTTP/1 as it stands in the case, or is not a request's to say. */
function isSendable({ rule, servedMethods, splitByMethod, request: { method, url, headers } }: CorpusCase): boolean {
  if (rule !== undefined || servedMethods !== undefined || splitByMethod !== undefined) return false
  if (!METHODS.includes(method) || method === 'CONNECT') return false
  if (!/^(?:\/|https?:\/\/)[\x21-\x7e]*$/.test(url)) return false
  const lines = linesOf(headers)
  return (
    lines.every((line) => /^[\t\x20-\x7e]*$/.test(line) && isTrimmed(line)) &&
    url.length + lines.join('').length < 12_000
  )
}

/** Blanks around a value are the parser's to remove. */
function isTrimmed(line: string): boolean {
  const value = line.slice(line.indexOf(':') + 2)
  return value === value.trim()
}

function linesOf(headers: CorpusCase['request']['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((line) => `${name}: ${line}`))
}

/** What of the decision is to be seen on the wire. */
function wireOf({ decision: { headers, vary } }: CorpusCase): Headers {
  return { ...headers, ...(vary.length === 0 ? {} : { vary: vary.join(', ') }) }
}

async function serverOf(file: CorpusFile, debug: boolean): Promise<FastifyInstance> {
  const { policy, router = {}, external = {} } = file
  const { app } = await makeServer({ policy, fastify: { routerOptions: { ...router } }, plugin: { debug } })
  let current = app.safeconduct.policy
  for (const [group, origins] of Object.entries(external)) current = withOrigins(current, group, origins)
  app.safeconduct.replace(current)
  return app
}

type Answer = { readonly status: number; readonly cors: Headers }

function check(each: CorpusCase, { status, cors }: Answer): void {
  assert.deepEqual(cors, wireOf(each), each.name)
  if (each.decision.kind === 'preflight') assert.equal(status, each.decision.status, each.name)
}

/** The sendable cases of a file, each asked once, in servers with and without debug mode. */
async function overInject(file: CorpusFile, cases: readonly CorpusCase[], debug: boolean): Promise<void> {
  const app = await serverOf(file, debug)
  for (const each of cases) {
    const { method, url, headers } = each.request
    if (!app.supportedMethods.includes(method) || !isInjected(url)) continue
    const answer = await app.inject({ method: method as 'GET', url, headers: { ...headers } })
    check(each, { status: answer.statusCode, cors: corsHeaders(answer) })
  }
  await app.close()
}

/** `inject` reads a target as a URL, so that dot segments and absolute forms never reach the server. */
function isInjected(target: string): boolean {
  const { pathname, search, hash } = new URL(target, 'http://h.example')
  return pathname + search + hash === target
}

async function overSocket(file: CorpusFile, cases: readonly CorpusCase[], debug: boolean): Promise<void> {
  const app = await serverOf(file, debug)
  await listening(app, async (port) => {
    for (const each of cases) {
      const { method, url, headers } = each.request
      check(each, await send(port, method, url, linesOf(headers)))
    }
  })
}

const corpus = readCorpus()
const sendable = corpus.flatMap((file) => file.cases.filter(isSendable))

const rows = corpus.flatMap((file): Row[] => {
  const cases = file.cases.filter(isSendable)
  return [false, true].flatMap((debug): Row[] => {
    const own = cases.filter((each) => (each.debug ?? false) === debug)
    if (own.length === 0) return []
    const name = `${file.topic}${debug ? ', debugged' : ''}: ${own.length} cases`
    return [
      [`${name} over inject`, () => overInject(file, own, debug)],
      [`${name} over a socket`, () => overSocket(file, own, debug)],
    ]
  })
})

table('the corpus through a server', [
  ...rows,
  [
    'nearly all that a client can send is sent',
    () => {
      const all = corpus.flatMap((file) => file.cases)
      const fromRoutes = all.filter(
        ({ rule, servedMethods, splitByMethod }) => (rule ?? servedMethods ?? splitByMethod) !== undefined,
      )
      assert.ok(sendable.length > 0.75 * (all.length - fromRoutes.length), `${sendable.length} of ${all.length}`)
    },
  ],
])
