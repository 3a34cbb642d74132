import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { openPlace } from '../../support/command.js'
import { read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'

const place = openPlace()
mkdirSync(`${place.folder}/apps`)

table('init', [
  [
    'writes a policy and a suite that say nothing wrong',
    async () => {
      const { code, out } = await place.run('init')
      assert.deepEqual(
        [code, out],
        [0, 'wrote policy.cors.yaml and policy.cors.test.yaml; next: edit them, safeconduct check, safeconduct test\n'],
      )
      assert.deepEqual(await place.run('check'), { code: 0, out: '1 file: nothing to report\n', err: '' })
      assert.match((await place.run('test')).out, /1 suite: 3 passed, 0 failed/)
      assert.match((await place.run('prove policy.cors.yaml')).out, /1 of 1 hold/)
    },
  ],
  [
    'into another folder, under another name',
    async () => {
      assert.equal((await place.run('init apps/my-shop')).code, 0)
      assert.match((await place.run('test apps')).out, /3 passed, 0 failed/)
    },
  ],
  [
    'whose ending may be said',
    async () => {
      for (const name of ['apps/said.cors.yaml', 'apps/said.cors.test.yml', 'apps/said.cors.json']) {
        const { code, out } = await place.run(`init --force ${name}`)
        assert.deepEqual([code, out.split(';')[0]], [0, 'wrote apps/said.cors.yaml and apps/said.cors.test.yaml'])
      }
    },
  ],
  [
    'and writes over nothing unless it is told to',
    async () => {
      place.write('policy.cors.yaml', 'mine')
      const { code, err } = await place.run('init')
      assert.deepEqual([code, err], [1, 'safeconduct: policy.cors.yaml is there already; --force writes over it\n'])
      assert.equal(place.read('policy.cors.yaml'), 'mine')
      assert.equal((await place.run('init --force')).code, 0)
      assert.match(
        place.read('policy.cors.yaml'),
        /^# yaml-language-server: \$schema=\.\/node_modules\/@safeconduct\/schemas\/policy\.v1\.schema\.json\n/,
      )
    },
  ],
  ...[
    ['a: b', '`a: b` makes no name of a file; use letters, digits, dots and dashes'],
    ['', '`` makes no name of a file; use letters, digits, dots and dashes'],
    ['.cors.yaml', '`.cors.yaml` makes no name of a file'],
    ['apps/', '`apps/` makes no name of a file'],
    ['-x', undefined],
    ['nowhere/x', 'cannot write nowhere/x.cors.yaml: there is no folder nowhere\n'],
    ['policy.cors.yaml/x', 'cannot write policy.cors.yaml/x.cors.yaml: policy.cors.yaml is no folder\n'],
  ].map(
    ([name = '', message]): Row => [
      `a file cannot be named ${name}`,
      async () => {
        const { code, err } = await place.run(['init', '--', name])
        assert.notEqual(code, 0)
        if (message !== undefined) assert.ok(err.startsWith(`safeconduct: ${message}`), err)
      },
    ],
  ),
])

table(
  'schema',
  [
    ...['policy', 'suite', 'report'].map(
      (name): Row => [
        `prints the schema of a ${name}`,
        async () =>
          assert.deepEqual(await place.run(`schema ${name}`), {
            code: 0,
            out: read(`schemas/${name}.v1.schema.json`),
            err: '',
          }),
      ],
    ),
    [
      'the policy’s without a name',
      async () => assert.equal((await place.run('schema')).out, read('schemas/policy.v1.schema.json')),
    ],
    ['no other', async () => assert.equal((await place.run('schema ../package')).code, 2)],
  ],
  { after: () => place.close() },
)
