/** The policy of the docs, and a suite for it that passes and visits every class of requests. */
import { compilePolicy, definePolicy, type Policy } from '@safeconduct/core'
import { defineSuite, type SuiteDocument } from '@safeconduct/core/suite'

export const shopDocument = definePolicy({
  version: 1,
  origins: {
    web: ['https://shop.example.com', 'https://admin.example.com'],
    previews: ['https://pr-*.preview.example.com'],
    tenants: { external: true },
  },
  rules: [
    {
      id: 'orders',
      paths: ['/api/orders/**'],
      allow: [
        {
          origins: ['@web', '@previews', '@tenants'],
          methods: ['GET', 'POST', 'DELETE'],
          requestHeaders: ['content-type', 'x-csrf-token'],
          exposedHeaders: ['etag'],
          credentials: true,
          maxAge: '2h',
        },
        { origins: ['*'], methods: ['GET'] },
      ],
    },
    { id: 'fonts', paths: ['/assets/**/*.{woff,woff2}'], allow: [{ origins: ['*'] }] },
    { id: 'internal', paths: ['/internal/**'], allow: [] },
  ],
})

/** As the reference begins: with a schema, and an invariant. */
export const designDocument = definePolicy({
  $schema: './node_modules/@safeconduct/schemas/policy.v1.schema.json',
  ...shopDocument,
  invariants: [{ id: 'tls-only', never: { origins: ['http://**:*'], credentials: true }, because: 'SEC-12' }],
})

export function shop(): Policy {
  return compilePolicy(shopDocument)
}

export const shopSuite: SuiteDocument = defineSuite({
  version: 1,
  external: { tenants: ['https://tenant.example'] },
  matrices: [
    {
      name: 'who may do what with orders',
      origins: ['https://shop.example.com', 'https://tenant.example', 'https://evil.example', 'null'],
      paths: ['/api/orders', '/api/orders/7'],
      methods: ['GET', 'POST', 'DELETE', 'PUT'],
      allow: [
        {
          origins: ['https://shop.example.com', 'https://tenant.example'],
          methods: ['GET', 'POST', 'DELETE'],
          credentials: true,
        },
        { origins: ['https://evil.example', 'null'], methods: ['GET'] },
      ],
    },
    {
      name: 'fonts are for everybody',
      origins: ['https://evil.example'],
      paths: ['/assets/a/b.woff2'],
      methods: ['GET', 'PUT'],
      allow: [{ origins: ['https://evil.example'], methods: ['GET'] }],
    },
    {
      name: 'the rest is closed',
      origins: ['https://shop.example.com'],
      paths: ['/', '/internal', '/internal/users'],
      methods: ['GET'],
      allow: [],
    },
  ],
  cases: [
    {
      name: 'the shop deletes an order',
      fetch: {
        from: 'https://shop.example.com',
        path: '/api/orders/7',
        method: 'DELETE',
        headers: { 'x-csrf-token': '1' },
        credentials: 'include',
      },
      expect: { readable: true, rule: 'orders', reason: 'allowed', exposed: ['ETag'], preflight: true },
    },
    {
      name: 'the shop sends no other header',
      request: {
        path: '/api/orders/7',
        origin: 'https://shop.example.com',
        requestMethod: 'DELETE',
        requestHeaders: ['x-other'],
      },
      expect: { outcome: 'refused', rule: 'orders', reason: 'request-headers-not-allowed', status: 403 },
    },
  ],
})
