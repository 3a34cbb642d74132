/** The policy of tests that are about the wire: all below /api is for one origin. */
import type { GrantDocument, PolicyDocument } from '@safeconduct/core'
import type { Headers } from './wire.js'

export const shop = 'https://shop.example'
/** Allowed nothing. */
export const evil = 'https://evil.example'

/** With credentials, and other grants beside it. */
export function oneRule(grant: Partial<GrantDocument> = {}, others: readonly GrantDocument[] = []): PolicyDocument {
  const own = { origins: [shop], methods: ['GET', 'PUT'], credentials: true, ...grant }
  return { version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [own, ...others] }] }
}

/** On every answer to the origin that is allowed. */
export const shared: Headers = { 'access-control-allow-origin': shop, 'access-control-allow-credentials': 'true' }

/** On every answer to OPTIONS below /api. */
export const varyOptions = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
