/**
 * safeconduct for Fastify: one hook decides, one place applies.
 *
 * ```js
 * await app.register(safeconduct, { policy: './policy.cors.json' })
 * ```
 */
import type { Decision, Policy } from '@safeconduct/core'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Enforcement, type RequestLike } from './enforcement.js'
import type { Explanation } from './explanation.js'
import { hookInto } from './hooks.js'
import { refuseCors, refuseScope } from './neighbours.js'
import { checkOptions, type PolicySource, type SafeconductOptions } from './options.js'
import { loadPolicy } from './policy-source.js'

export type { RequestLike } from './enforcement.js'
export { SafeconductError, type SafeconductErrorCode } from './error.js'
export type { Explanation } from './explanation.js'
export { type FrameworkErrorHandler, frameworkErrors } from './framework-errors.js'
export type { PolicySource, SafeconductOptions } from './options.js'

/** What `app.safeconduct` is. All but `policy` and `replace` are there after `app.ready()`. */
export interface Safeconduct {
  /** In force now, as it was given. */
  readonly policy: Policy
  /** How a request is decided. A request of Node's `upgrade` event will do: its route is looked up. */
  evaluate(request: RequestLike): Decision
  /** How, and by which route and rule. */
  explain(request: RequestLike): Explanation
  /**
   * Puts another policy in force: all of it, from the next request on. One that cannot be read, does not compile, or does not
   * fit the routes throws a SafeconductError, and the old one stays.
   */
  replace(policy: PolicySource): void
  /**
   * Whether the policy lets the request's origin open a WebSocket here: whether it may read a GET *with credentials*, for
   * browsers send cookies with every handshake. Nobody is allowed without `Origin`.
   */
  isOriginAllowed(request: RequestLike): boolean
  /** Puts the decision's headers on a response that no hook comes to see. The hooks do it for all others. */
  attach(request: FastifyRequest, reply: FastifyReply): void
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The rule that decides this route, by its id; `false`: nobody is allowed. By default the paths of the rules decide. */
    cors?: string | false
  }
  interface FastifyInstance {
    safeconduct: Safeconduct
  }
}

const plugin = async (app: FastifyInstance, options: SafeconductOptions): Promise<void> => {
  const checked = checkOptions(options)
  refuseScope(app)
  refuseCors(app)
  const { policy, warnings } = loadPolicy(checked.policy)
  const log = app.log.child(
    { plugin: 'safeconduct' },
    checked.logLevel === undefined ? {} : { level: checked.logLevel },
  )
  for (const warning of warnings) log.warn(warning)
  hookInto(app, new Enforcement(app, policy, checked), checked, log)
}

const safeconduct: FastifyPluginAsync<SafeconductOptions> = fp(plugin, { fastify: '5.x', name: '@safeconduct/fastify' })

export { safeconduct }
export default safeconduct
