/** Invariants at routes that name a rule, where the rule decides paths that are not its own. */
import assert from 'node:assert/strict'
import type { PolicyDocument } from '@safeconduct/core'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const handler = async (): Promise<string> => 'x'
const named = { config: { cors: 'public' } }
const shop = 'https://shop.example'

type Invariant = Required<PolicyDocument>['invariants'][number]

function policyWith(...invariants: readonly Invariant[]): PolicyDocument {
  return {
    version: 1,
    rules: [
      { id: 'public', paths: ['/public/**'], allow: [{ origins: ['*'], methods: ['GET', 'DELETE'] }] },
      { id: 'own', paths: ['/own/**'], allow: [{ origins: [shop], methods: 'served', credentials: true }] },
    ],
    invariants,
  }
}

const closed: Invariant = { id: 'closed', never: { paths: ['/admin/**'] }, because: 'SEC-7' }

function refused(
  sentence: string,
  invariant: Invariant,
  routes: (app: FastifyInstance) => unknown,
  told: string,
  fastify: FastifyServerOptions = {},
): Row {
  return [
    sentence,
    async () => {
      await assert.rejects(async () => makeServer({ policy: policyWith(invariant), routes, fastify }), {
        code: 'SAFECONDUCT_ROUTES',
        message: `safeconduct: the policy does not fit the routes\n${told}`,
      })
    },
  ]
}

function starts(
  sentence: string,
  invariant: Invariant,
  routes: (app: FastifyInstance) => unknown,
  ...told: readonly string[]
): Row {
  return [
    sentence,
    async () => {
      const { log } = await makeServer({ policy: policyWith(invariant), routes })
      assert.deepEqual(
        log.map(({ msg }) => msg).filter((line) => line.includes('invariant')),
        told,
      )
    },
  ]
}

const host = { constraints: { host: 'a.example' } }

table('a route that names a rule and breaks a promise keeps the server from starting', [
  refused(
    'with the request that shows it; HEAD is told with its GET',
    closed,
    (app) => app.get('/admin/stock', named, handler),
    '`GET,HEAD /admin/stock`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/stock` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by a parameter',
    { ...closed, never: { paths: ['/admin/stock'] } },
    (app) => app.get('/:area/stock', named, handler),
    '`GET,HEAD /:area/stock`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/stock` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'with credentials, by a method that the route serves',
    { id: 'kept', never: { paths: ['/admin/**'], methods: ['PUT'], credentials: true } },
    (app) => app.put('/admin/stock', { config: { cors: 'own' } }, handler),
    '`PUT /admin/stock`: `config.cors` names `own`, which breaks invariant `kept`: it allows `PUT /admin/stock` from `https://shop.example` with credentials; name another rule, or narrow it',
  ),
  refused(
    'by a path that the router folds',
    { ...closed, never: { paths: ['/Admin'] } },
    (app) => app.get('/ADMIN', named, handler),
    '`GET,HEAD /ADMIN`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin` from `https://evil.example`; name another rule, or narrow it',
    { routerOptions: { caseSensitive: false } },
  ),
  refused(
    'by a number, where an expression takes no other',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/:id(^\\d+$)', named, handler)
    },
    '`GET,HEAD /admin/:id(^\\d+$)`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/7` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by another request, where a route takes the first',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/x', handler)
      app.get('/admin/:id', named, handler)
    },
    '`GET,HEAD /admin/:id`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/7` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by a letter, where an expression takes no number',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/:id(^[a-c]$)', named, handler)
    },
    '`GET,HEAD /admin/:id(^[a-c]$)`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/b` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by a name of two words',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/:id(^\\w+-\\w+$)', named, handler)
    },
    '`GET,HEAD /admin/:id(^\\w+-\\w+$)`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/a-b` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by a number in the midst of the path',
    { ...closed, never: { paths: ['/admin/*/x'] } },
    (app) => {
      app.get('/admin/:id(^\\d+$)/x', named, handler)
    },
    '`GET,HEAD /admin/:id(^\\d+$)/x`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/7/x` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'on a host of its own by another request, where a route takes the first',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/x', host, handler)
      app.get('/admin/:id', { ...named, ...host }, handler)
    },
    '`GET,HEAD /admin/:id`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/7` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'beside one that names a rule which keeps it',
    closed,
    (app) => {
      app.get('/elsewhere', { config: { cors: 'own' } }, handler)
      app.get('/admin/stock', named, handler)
    },
    '`GET,HEAD /admin/stock`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/stock` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'below a page that has a route of its own',
    { ...closed, never: { paths: ['/admin/**'] } },
    (app) => {
      app.get('/admin', handler)
      app.get('/*', named, handler)
    },
    '`GET,HEAD /*`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/7` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'by a name with an ending',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => {
      app.get('/admin/:name.json', named, handler)
    },
    '`GET,HEAD /admin/:name.json`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin/a.json` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'on a host of its own',
    closed,
    (app) => app.get('/admin', { ...named, ...host }, handler),
    '`GET,HEAD /admin`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin` from `https://evil.example`; name another rule, or narrow it',
  ),
  refused(
    'on hosts of an expression',
    closed,
    (app) => app.get('/admin', { ...named, constraints: { host: /^a/ } }, handler),
    '`GET,HEAD /admin`: `config.cors` names `public`, which breaks invariant `closed` (`SEC-7`): it allows `GET /admin` from `https://evil.example`; name another rule, or narrow it',
  ),
])

table('it starts', [
  starts('where no route of the paths names a rule', closed, (app) => {
    app.get('/admin/stock', handler)
    app.get('/public/x', named, handler)
  }),
  starts('where nobody is allowed', closed, (app) => app.get('/admin/stock', { config: { cors: false } }, handler)),
  starts(
    'where the route does not serve the method: another rule decides it there',
    { ...closed, never: { paths: ['/admin/**'], methods: ['DELETE'] } },
    (app) => app.get('/admin/stock', named, handler),
  ),
  starts(
    'with a warning, where an expression may keep the request out',
    { ...closed, never: { paths: ['/admin/*'] } },
    (app) => app.get('/admin/:id(^q{9}$)', named, handler),
    '`GET,HEAD /admin/:id(^q{9}$)`: `config.cors` names `public`, which may break invariant `closed` (`SEC-7`), if `GET /admin/x` from `https://evil.example` or one like it comes there',
  ),
])

table('a policy that breaks a promise at a route', [
  [
    'does not replace one that keeps it',
    async () => {
      const { app } = await makeServer({ policy: policyWith(), routes: (app) => app.get('/admin', named, handler) })
      const before = app.safeconduct.policy
      assert.throws(() => app.safeconduct.replace(policyWith(closed)), { code: 'SAFECONDUCT_ROUTES' })
      assert.equal(app.safeconduct.policy, before)
    },
  ],
])
