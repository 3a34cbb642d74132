/** What was set at the top, as before Fastify 5.5, and what in `routerOptions`: what holds is seen by asking the application. */
import assert from 'node:assert/strict'
import Fastify, { type FastifyServerOptions } from 'fastify'
import { routerOptionsOf } from '../../../packages/fastify-plugin/dist/router-options.js'
import { type Row, table } from '../support/table.js'

const set: readonly (readonly [options: FastifyServerOptions, longest: number, isCaseSensitive: boolean])[] = [
  [{}, 100, true],
  [{ maxParamLength: 7 }, 7, true],
  [{ maxParamLength: 120 }, 120, true],
  [{ routerOptions: { maxParamLength: 7 } }, 7, true],
  [{ routerOptions: { maxParamLength: 7 }, maxParamLength: 9 }, 7, true],
  [{ routerOptions: { maxParamLength: 9 }, maxParamLength: 100 }, 9, true],
  [{ routerOptions: { ignoreTrailingSlash: true }, maxParamLength: 9 }, 9, true],
  [{ caseSensitive: false }, 100, false],
  [{ routerOptions: { caseSensitive: false } }, 100, false],
  [{ routerOptions: { caseSensitive: true }, caseSensitive: false }, 100, true],
  [{ routerOptions: { caseSensitive: false }, caseSensitive: true }, 100, false],
]

table('the options of the router', [
  ...set.map(
    ([options, longest, isCaseSensitive]): Row => [
      JSON.stringify(options),
      async () => {
        const app = Fastify(options)
        app.get('/a/:b', async () => 'x')
        const statusOf = async (url: string): Promise<number> => (await app.inject(url)).statusCode
        assert.equal(await statusOf(`/a/${'b'.repeat(longest)}`), 200)
        assert.notEqual(await statusOf(`/a/${'b'.repeat(longest + 1)}`), 200)
        assert.equal(await statusOf('/A/b'), isCaseSensitive ? 404 : 200)
        const { maxParamLength, caseSensitive } = routerOptionsOf(app)
        assert.deepEqual([maxParamLength, caseSensitive], [longest, isCaseSensitive])
      },
    ],
  ),
  [
    'are the defaults where Fastify keeps none',
    () =>
      assert.deepEqual(routerOptionsOf({ initialConfig: {} } as never), {
        caseSensitive: true,
        ignoreTrailingSlash: false,
        ignoreDuplicateSlashes: false,
        useSemicolonDelimiter: false,
        maxParamLength: 100,
      }),
  ],
])
