/**
 * WebSockets. There is no CORS protocol on an opening handshake: the browser sends `Origin` and the user's cookies, and
 * lets the page read whatever comes. Only the server can refuse (RFC 6455, section 10.2).
 */
import type { Policy } from '../policy/policy.js'
import { evaluate } from './evaluate.js'
import type { CorsRequest } from './request.js'

/**
 * Whether the policy lets the request's origin open a WebSocket: whether it may read a GET there *with credentials*, for
 * that is the credentials mode of every handshake (WebSockets Standard, "establish a WebSocket connection"). A grant
 * without credentials, `"*"` above all, does not suffice. Nobody is allowed without `Origin`: browsers always send it.
 */
export function isUpgradeAllowed(policy: Policy, request: CorsRequest): boolean {
  const decision = evaluate(policy, { ...request, method: 'GET' })
  return (
    decision.kind === 'actual' && decision.allowed && decision.headers['access-control-allow-credentials'] === 'true'
  )
}
