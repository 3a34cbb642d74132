/** The published schema of suites: what editors are told, and that it agrees with what is compiled of it. */
import assert from 'node:assert/strict'
import { diagnosticCodes } from '@safeconduct/core'
import { checkSuite } from '@safeconduct/core/suite'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readSuiteShape } from '../../../../packages/core/dist/suite/shape.js'
import { shopSuite } from '../../support/shop.js'
import { read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'

type Schema = { readonly [keyword: string]: unknown }

const published = JSON.parse(read('schemas/suite.v1.schema.json')) as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>
}
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false })
const isSuite = ajv.compile(published)

/** Every property and definition with the place where it stands. */
function* parts(schema: unknown, place: string): Iterable<readonly [place: string, part: Schema]> {
  if (typeof schema !== 'object' || schema === null) return
  for (const keyword of ['properties', '$defs'] as const) {
    for (const [name, part] of Object.entries((schema as Schema)[keyword] ?? {})) {
      yield [`${place}/${name}`, part as Schema]
      yield* parts(part, `${place}/${name}`)
    }
  }
}

const all = [...parts(published, '')]

table('the schema of suites', [
  ['accepts the suite of the shop', () => assert.ok(isSuite(shopSuite), JSON.stringify(isSuite.errors))],
  [
    'describes every field, itself or where it refers to',
    () => {
      const silent = all.filter(([, part]) => part.description === undefined && part.$ref === undefined)
      assert.deepEqual(
        silent.map(([place]) => place),
        [],
      )
    },
  ],
  [
    'has examples for every field, which it accepts',
    () => {
      for (const [place, part] of [['', published] as const, ...all]) {
        if (part.$ref !== undefined && part.examples === undefined) continue
        const examples = part.examples as readonly unknown[] | undefined
        assert.ok(examples !== undefined && examples.length > 0, `${place} has no example`)
        const { $id: _, ...rest } = part
        const check = ajv.compile({ ...rest, $defs: published.$defs })
        for (const example of examples) assert.ok(check(example), `${place}: ${JSON.stringify(example)}`)
      }
    },
  ],
  [
    'has no definition that nothing refers to',
    () => {
      const text = JSON.stringify(published)
      assert.deepEqual(
        Object.keys(published.$defs).filter((name) => !text.includes(`"#/$defs/${name}"`)),
        [],
      )
    },
  ],
])

/** Judged by meaning only: both refuse it, the compiled schema lets it through. */
const meant: readonly (readonly [what: string, suite: object])[] = [
  [
    'a glob among origins',
    { matrices: [{ name: 'x', origins: ['https://*.a.example'], paths: ['/'], methods: ['GET'], allow: [] }] },
  ],
  ['a glob among paths', { matrices: [{ name: 'x', origins: ['null'], paths: ['/**'], methods: ['GET'], allow: [] }] }],
  ['path and url', { cases: [{ name: 'x', request: { path: '/', url: '/' }, expect: { rule: false } }] }],
  [
    'request and fetch',
    { cases: [{ name: 'x', request: { path: '/' }, fetch: { from: 'null', path: '/' }, expect: { rule: false } }] },
  ],
  ['the rule true', { cases: [{ name: 'x', request: { path: '/' }, expect: { rule: true } }] }],
]

table(
  'what the schema tells editors, the check tells in words',
  meant.map(
    ([what, part]): Row => [
      what,
      () => {
        const suite = { version: 1, ...part }
        assert.equal(isSuite(suite), false)
        assert.deepEqual(readSuiteShape(suite).diagnostics, [])
        assert.ok(checkSuite(suite).length > 0)
      },
    ],
  ),
)

table('the shape of a suite', [
  [
    'has at most a hundred faults, the last of which counts the rest',
    () => {
      const found = checkSuite({ version: 1, cases: Array.from({ length: 500 }, () => ({})) })
      assert.equal(found.length, 100)
      assert.match(found.find((d) => d.pointer === '')?.message ?? '', /more faults of shape are not listed/)
    },
  ],
  [
    'is told in codes that there are',
    () => assert.ok(checkSuite({ x: 1 }).every(({ code }) => diagnosticCodes.includes(code))),
  ],
])
