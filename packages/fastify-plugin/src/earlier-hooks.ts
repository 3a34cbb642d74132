/**
 * Whether a hook that was added before may answer a request before ours sees it. A hook on every response is the price of
 * that, a third of what a request without `Origin` costs, and servers that register the plugin first need not pay it.
 *
 * Fastify keeps its hooks, and the scopes made from an instance, under symbols that it does not publish; they are found by what
 * they hold. Where the hooks are not found, there may be some.
 */
import type { FastifyInstance } from 'fastify'

/** Precondition: `app` is the root. Asked before the plugin adds a hook of its own. */
export function mayAnswerEarlier(app: FastifyInstance): boolean {
  const kept = Object.getOwnPropertySymbols(app).map((symbol) => (app as unknown as Record<symbol, unknown>)[symbol])
  const hooks = kept.find(isHooks)
  // A scope that is there already has its own hooks before ours.
  return hooks === undefined || hooks.onRequest.length > 0 || kept.some((value) => holdsScope(value, app))
}

interface Hooks {
  readonly onRequest: readonly unknown[]
}

function isHooks(value: unknown): value is Hooks {
  return typeof value === 'object' && value !== null && 'onRequest' in value && Array.isArray(value.onRequest)
}

function holdsScope(value: unknown, app: FastifyInstance): boolean {
  return Array.isArray(value) && value.some((held) => Object(held) === held && Object.getPrototypeOf(held) === app)
}
