/** Answers that Fastify gives before any hook: a malformed URL (400), a parameter that is too long (414). */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

export type FrameworkErrorHandler = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => unknown

/**
 * A handler for Fastify's option `frameworkErrors` that puts the policy's headers on those answers, so that a script of an
 * allowed origin can read the status instead of a network error. No route ran, so the path decides: a malformed one has no
 * canonical form, and nobody is allowed; one with an over-long parameter is decided by the rule of its path. `answer` sends
 * the response, by default Fastify's own for the error.
 *
 * ```js
 * const app = Fastify({ frameworkErrors: frameworkErrors() })
 * ```
 */
export function frameworkErrors(answer: FrameworkErrorHandler = sendError): FrameworkErrorHandler {
  return (error, request, reply) => {
    if (request.server.hasDecorator('safeconduct')) request.server.safeconduct.attach(request, reply)
    return answer(error, request, reply)
  }
}

function sendError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): unknown {
  return reply.send(error)
}
