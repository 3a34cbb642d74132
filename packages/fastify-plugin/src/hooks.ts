/** The hooks of Fastify: what is decided where. */
import type { Decision } from '@safeconduct/core'
import { quote } from '@safeconduct/core'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isDecided, markDecided, type RawResponse } from './apply.js'
import { mayAnswerEarlier } from './earlier-hooks.js'
import type { Enforcement } from './enforcement.js'
import { KeptHeads } from './kept-heads.js'
import { earlierMiddleware, refuseCors } from './neighbours.js'
import type { CheckedOptions } from './options.js'
import type { PlainAnswer } from './plain-answers.js'
import { startUpFindings } from './report.js'

export function hookInto(
  app: FastifyInstance,
  enforcement: Enforcement,
  options: CheckedOptions,
  log: FastifyBaseLogger,
): void {
  const told = new Set<string>()
  const tellOnce = (about: string, sentence: string): void => {
    if (told.has(about)) return
    told.add(about)
    log.warn(sentence)
  }

  const heads = new KeptHeads((header, method, url) => {
    // Where there is no route a client may send any method, and each would be remembered.
    const route = url === undefined ? '(no route)' : `${method} ${url}`
    tellOnce(`${header} ${route}`, `${quote(route)} sets ${header} otherwise than the policy; the policy's stands`)
  })

  const put = (decision: Decision, request: FastifyRequest, reply: FastifyReply): boolean =>
    heads.apply(responseOf(reply), decision, enforcement.placeOf(request))

  /** As most responses of most servers have it: nothing is made, and nothing looked up. */
  const putPlain = (plain: PlainAnswer, request: FastifyRequest, reply: FastifyReply): void => {
    const response = responseOf(reply)
    const { head } = plain
    if (head !== undefined && head.before === response.writeHead) {
      response.writeHead = head.decided
      return
    }
    const before = response.writeHead
    if (put(plain.decision, request, reply)) plain.head = { before, decided: response.writeHead }
  }

  /** The decision that was put there; none where there was one, or none is wanted. */
  const attach = (request: FastifyRequest, reply: FastifyReply): Decision | undefined => {
    const response = responseOf(reply)
    if (options.attach === 'preflight' || isDecided(response)) return undefined
    markDecided(response)
    const decision = enforcement.decide(request)
    put(decision, request, reply)
    return decision
  }

  app.decorate('safeconduct', {
    get policy() {
      return enforcement.policy
    },
    evaluate: (request) => enforcement.decide(request),
    explain: (request) => enforcement.explain(request),
    replace: (source) => {
      for (const warning of enforcement.replace(source)) log.warn(warning)
    },
    isOriginAllowed: (request) => enforcement.isOriginAllowed(request),
    attach: (request, reply) => void attach(request, reply),
  })

  app.addHook('onRoute', (route) => enforcement.declare(route))

  app.addHook('onReady', (done) => {
    refuseCors(app)
    enforcement.ready()
    for (const { level, sentence, isLoud } of startUpFindings(enforcement.table, enforcement.inForce, options)) {
      log[level](sentence)
      if (isLoud && isSilent(app.log)) process.emitWarning(`safeconduct: ${sentence}`, { code: 'SAFECONDUCT_ROUTES' })
    }
    done()
  })

  const mayBeLate = mayAnswerEarlier(app)
  const middleware = mayBeLate ? earlierMiddleware(app) : undefined
  if (middleware !== undefined) log.warn(middleware)

  // Before authentication, for a preflight carries no credentials; for "not found" too, which is where preflights end.
  app.addHook('onRequest', (request, reply, done) => {
    if (mayBeLate) markDecided(responseOf(reply))
    const plain = enforcement.plainAnswer(request)
    if (plain !== undefined) {
      if (options.attach === 'all') putPlain(plain, request, reply)
      return done()
    }
    const decision = enforcement.decide(request)
    if (decision.kind !== 'non-cors' && !decision.allowed) tellRefusal(request)
    if (decision.kind !== 'preflight') {
      if (options.attach === 'all') put(decision, request, reply)
      return done()
    }
    put(decision, request, reply)
    if (decision.allowed && options.preflight === 'continue') return done()
    reply.code(decision.status).send()
  })

  // A hook that was added before ours has answered: its answer carries the same headers.
  if (mayBeLate) {
    app.addHook('onSend', (request, reply, _payload, done) => {
      const late = attach(request, reply)
      if (late?.kind === 'preflight') tellOnce('preflight', earlyAnswer(reply))
      done()
    })
  }

  function tellRefusal(request: FastifyRequest): void {
    if (log.level !== 'debug' && log.level !== 'trace') return
    log.debug({ reqId: request.id }, enforcement.explain(request).sentence)
  }
}

/** The log of a server without a logger, whose methods are all the same one that does nothing. */
function isSilent({ level, warn, debug }: FastifyBaseLogger): boolean {
  return level === undefined && warn === debug
}

function earlyAnswer({ statusCode }: FastifyReply): string {
  return `a preflight was answered with ${statusCode} before safeconduct saw it, and browsers take that for a refusal; register safeconduct before the hook that did it`
}

/** Node's response has the methods of both versions of HTTP. */
function responseOf(reply: FastifyReply): RawResponse {
  return reply.raw as unknown as RawResponse
}
