/** The policies that take turns under load. No two give the same answers: each exposes a header of its own. */
import { compilePolicy, type Policy, type PolicyDocument, withOrigins } from '@safeconduct/core'
import type { World } from '../plain.js'

export const shop = 'https://shop.example'
export const admin = 'https://admin.example'
export const tenants: readonly string[] = Array.from({ length: 8 }, (_, i) => `https://t${i}.tenant.example`)

const turns = 12

/** Two generations have one document, and other tenants. */
function documentOf(generation: number): PolicyDocument {
  const g = Math.floor(generation / 2)
  const anyone = { origins: ['*'], methods: ['GET'], exposedHeaders: [`x-public-${g}`] }
  return {
    version: 1,
    origins: { web: g % 2 === 0 ? [shop] : [shop, admin], tenants: { external: true } },
    rules: [
      {
        id: 'orders',
        paths: ['/api/orders/**'],
        allow: [
          {
            origins: ['@web', 'https://pr-*.preview.example'],
            methods: g % 3 === 0 ? 'served' : ['GET', 'POST', g % 3 === 1 ? 'PUT' : 'DELETE'],
            requestHeaders: ['content-type', `x-of-${g % 2}`],
            exposedHeaders: ['etag', `x-generation-${g}`],
            credentials: true,
            maxAge: 60 + g,
          },
          { origins: ['@tenants'], methods: ['GET', 'PUT'], exposedHeaders: [`x-generation-${g}`] },
          anyone,
        ],
      },
      { id: 'assets', paths: ['/assets/**'], allow: g % 3 === 2 ? [] : [anyone] },
      { id: 'internal', paths: ['/internal/**'], allow: g % 4 === 3 ? [{ ...anyone, origins: [admin] }] : [] },
      { id: 'named', paths: [], allow: [{ origins: [shop, '@tenants'], methods: ['DELETE'], maxAge: 60 + g }] },
    ],
  }
}

export const worlds: readonly Required<World>[] = Array.from({ length: turns }, (_, generation) => ({
  document: documentOf(generation),
  external: { tenants: tenants.filter((_tenant, i) => (i + generation) % 3 === 0) },
}))

export function worldOf(generation: number): Required<World> {
  return worlds[generation % turns] as Required<World>
}

/** Compiled anew each time, as a program that reads its policy again does it. */
export function policyOf(generation: number, before?: Policy): Policy {
  const { document, external } = worldOf(generation)
  const base = before !== undefined && generation % 2 === 1 ? before : compilePolicy(document)
  return withOrigins(base, 'tenants', external.tenants ?? [])
}

const [first] = worlds
const { rules: firstRules } = documentOf(0)
const grant = { origins: [shop], methods: ['GET'] }

/** What `replace` must refuse, as somebody may come to offer it. */
export const malformed: readonly (() => unknown)[] = [
  () => ({}),
  () => undefined,
  () => 'no/such/policy.cors.json',
  () => ({ ...first?.document, version: 2 }),
  () => ({ ...first?.document, rules: [...firstRules, ...firstRules] }),
  () => ({ ...first?.document, rules: [...firstRules, { id: 'same', paths: ['/assets/**'], allow: [grant] }] }),
  () => ({
    ...first?.document,
    rules: [...firstRules, { id: 'lax', paths: ['/**'], allow: [{ ...grant, origins: ['*'], credentials: true }] }],
  }),
  () => ({
    ...first?.document,
    rules: [
      ...firstRules,
      { id: 'odd', paths: ['/*/x', '/a/*'], allow: [] },
      { id: 'odder', paths: ['/b/*'], allow: [] },
    ],
  }),
  // The rule that a route names is gone.
  () => ({ ...first?.document, rules: firstRules.slice(0, 3) }),
  () => withOrigins(compilePolicy(documentOf(0)), 'tenants', ['https://*.example']),
  () => withOrigins(compilePolicy(documentOf(0)), 'web', [shop]),
]
