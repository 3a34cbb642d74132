/** What keeps a server from starting, as a program and a terminal see it. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { PolicyError } from '@safeconduct/core'
import { SafeconductError } from '@safeconduct/fastify'
import { makeServer } from '../support/server.js'
import { table } from '../support/table.js'

async function thrownBy(start: () => Promise<unknown>): Promise<SafeconductError> {
  const thrown = await start().then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof SafeconductError)
  return thrown
}

table('an error of the plugin', [
  [
    'says whose it is',
    async () => {
      const error = await thrownBy(async () =>
        makeServer({ policy: { version: 1, rules: [] }, plugin: { debug: 1 as never } }),
      )
      assert.equal(String(error), 'SafeconductError: safeconduct: option `debug` is of type number; give false or true')
      assert.ok(!inspect(error).includes('cause'))
    },
  ],
  [
    'of a policy has its diagnostics for a cause',
    async () => {
      const rules = [{ id: 'x', paths: ['nope'], allow: [] }]
      const { cause } = await thrownBy(async () => makeServer({ policy: { version: 1, rules } }))
      assert.ok(cause instanceof PolicyError)
      assert.deepEqual(
        cause.diagnostics.map(({ code }) => code),
        ['invalid-path'],
      )
    },
  ],
])
