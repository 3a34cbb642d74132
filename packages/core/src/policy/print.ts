/** The way back: from a policy to a document that means the same, in one normal form. */
import type { GrantDocument, PolicyDocument } from './document.js'
import { defaultMaxAge, defaultMethods } from './grant.js'
import type { Policy, PolicyGrant } from './policy.js'

/**
 * The document of a policy: defaults left out, max-ages in seconds, header names in lower case, everything in the order
 * of the document that it was compiled from. compile(print(p)) equals p. What `withOrigins` and `foldPolicy` added is
 * not part of the document.
 */
export function printPolicy(policy: Policy): PolicyDocument {
  const { preflightStatus, origins, rules, invariants } = policy
  return {
    version: 1,
    ...(preflightStatus === 204 ? {} : { preflightStatus }),
    ...(Object.keys(origins).length === 0 ? {} : { origins: structuredCopy(origins) }),
    rules: rules.map(({ id, paths, grants }) => ({ id, paths: [...paths], allow: grants.map(printGrant) })),
    ...(invariants.length === 0 ? {} : { invariants: structuredCopy(invariants) }),
  }
}

function printGrant(grant: PolicyGrant): GrantDocument {
  const { methods, requestHeaders, exposedHeaders, credentials, maxAge, accept } = grant
  const isDefault = methods !== 'served' && methods.join() === defaultMethods.join()
  return {
    origins: [...grant.origins],
    ...(isDefault ? {} : { methods: methods === 'served' ? methods : [...methods] }),
    ...(requestHeaders.length === 0 ? {} : { requestHeaders: [...requestHeaders] }),
    ...(exposedHeaders.length === 0 ? {} : { exposedHeaders: [...exposedHeaders] }),
    ...(credentials ? { credentials } : {}),
    ...(maxAge === defaultMaxAge ? {} : { maxAge }),
    ...(accept.length === 0 ? {} : { accept: structuredCopy(accept) }),
  }
}

/** A copy that its receiver may change. The values came from JSON. */
function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
