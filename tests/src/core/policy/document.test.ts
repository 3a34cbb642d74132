/** The types of the document and its published schema say the same, and the schema explains itself. */
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type {
  GrantDocument,
  InvariantDocument,
  OriginGroupDocument,
  PolicyDocument,
  RuleDocument,
  WaiverDocument,
} from '../../../../packages/core/dist/policy/document.js'
import { locationsOf, withLocations } from '../../../../packages/core/dist/policy/document.js'
import { checkShape } from '../../../../packages/core/dist/policy/shape.js'
import { designDocument } from '../../support/shop.js'
import { read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

interface Schema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly examples?: readonly Json[]
}

const schema: Schema = JSON.parse(read('schemas/policy.v1.schema.json'))
const definitions = schema.$defs as Readonly<Record<string, Schema>>

function resolved(part: Schema): Schema {
  if (part.$ref === undefined) return part
  const found = definitions[part.$ref.replace('#/$defs/', '')]
  assert.ok(found, part.$ref)
  return found
}

/** What the types say of a field: whether it must be there, and which kinds of JSON it may be. */
type JsonKind<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends readonly unknown[]
        ? 'array'
        : 'object'

type Fields<T> = {
  readonly [K in keyof T]-?: {
    readonly is: Record<never, never> extends Pick<T, K> ? 'optional' : 'required'
    readonly kinds: Readonly<Record<JsonKind<NonNullable<T[K]>>, true>>
  }
}

// A field that is in the type and not in the table, or the reverse, does not compile.
const policy: Fields<PolicyDocument> = {
  $schema: { is: 'optional', kinds: { string: true } },
  version: { is: 'required', kinds: { number: true } },
  preflightStatus: { is: 'optional', kinds: { number: true } },
  origins: { is: 'optional', kinds: { object: true } },
  rules: { is: 'required', kinds: { array: true } },
  invariants: { is: 'optional', kinds: { array: true } },
}
const group: Fields<Exclude<OriginGroupDocument, readonly string[]>> = {
  external: { is: 'required', kinds: { boolean: true } },
}
const groups: Fields<{ group: OriginGroupDocument }> = {
  group: { is: 'required', kinds: { array: true, object: true } },
}
const rule: Fields<RuleDocument> = {
  id: { is: 'required', kinds: { string: true } },
  paths: { is: 'required', kinds: { array: true } },
  allow: { is: 'required', kinds: { array: true } },
}
const grant: Fields<GrantDocument> = {
  origins: { is: 'required', kinds: { array: true } },
  methods: { is: 'optional', kinds: { array: true, string: true } },
  requestHeaders: { is: 'optional', kinds: { array: true } },
  exposedHeaders: { is: 'optional', kinds: { array: true } },
  credentials: { is: 'optional', kinds: { boolean: true } },
  maxAge: { is: 'optional', kinds: { number: true, string: true } },
  accept: { is: 'optional', kinds: { array: true } },
}
const waiver: Fields<WaiverDocument> = {
  code: { is: 'required', kinds: { string: true } },
  because: { is: 'required', kinds: { string: true } },
  until: { is: 'optional', kinds: { string: true } },
}
const invariant: Fields<InvariantDocument> = {
  id: { is: 'required', kinds: { string: true } },
  never: { is: 'required', kinds: { object: true } },
  because: { is: 'optional', kinds: { string: true } },
}
const never: Fields<InvariantDocument['never']> = {
  origins: { is: 'optional', kinds: { array: true } },
  paths: { is: 'optional', kinds: { array: true } },
  methods: { is: 'optional', kinds: { array: true } },
  requestHeaders: { is: 'optional', kinds: { array: true } },
  credentials: { is: 'optional', kinds: { boolean: true } },
}

type Table = Readonly<Record<string, { readonly is: string; readonly kinds: Readonly<Record<string, true>> }>>

const objects: readonly (readonly [name: string, fields: Table, schema: Schema | undefined])[] = [
  ['the policy', policy, schema],
  ['an external group', group, definitions.group],
  ['a rule', rule, definitions.rule],
  ['a grant', grant, definitions.grant],
  ['a waiver', waiver, definitions.waiver],
  ['an invariant', invariant, definitions.invariant],
  ['what is never to be', never, definitions.invariant?.properties?.never],
]

function kindsOf(part: Schema): string[] {
  const { type, const: constant, enum: values } = resolved(part)
  if (constant !== undefined) return [typeof constant]
  if (values !== undefined) return [...new Set(values.map((value) => typeof value))]
  return [type ?? []].flat().map((kind) => (kind === 'integer' ? 'number' : kind))
}

table(
  'types and schema',
  objects.flatMap(([name, fields, part]): Row[] => [
    [
      `${name} has the same fields in both, and no others`,
      () => {
        assert.deepEqual(Object.keys(part?.properties ?? {}).sort(), Object.keys(fields).sort())
        assert.equal(part?.additionalProperties, false)
      },
    ],
    [
      `${name} must have the same fields in both`,
      () => {
        const required = Object.keys(fields).filter((key) => fields[key]?.is === 'required')
        assert.deepEqual([...(part?.required ?? [])].sort(), required.sort())
      },
    ],
    [
      `the fields of ${name} are of the same kinds in both`,
      () => {
        for (const [key, { kinds }] of Object.entries(fields)) {
          assert.deepEqual(kindsOf(part?.properties?.[key] ?? {}).sort(), Object.keys(kinds).sort(), key)
        }
      },
    ],
  ]),
)

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
const isPublished = ajv.compile(schema)

/** Every subschema that a reader of the schema may be shown, with its place. */
function* explained(part: Schema, place: string): Generator<readonly [place: string, part: Schema]> {
  yield [place, part]
  for (const [name, below] of Object.entries(part.properties ?? {})) yield* explained(below, `${place}.${name}`)
}

const parts = [
  ...explained(schema, 'policy'),
  ...Object.entries(definitions).flatMap(([name, part]) => [...explained(part, name)]),
].filter(([, part]) => part.$ref === undefined)

/** A policy of one grant, with a change. */
function withGrant(change: Readonly<Record<string, Json>>): Json {
  return { version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [{ origins: ['*'], ...change }] }] }
}

function withPath(path: Json): Json {
  return { version: 1, rules: [{ id: 'a', paths: [path], allow: [] }] }
}

/** What an editor shows at once, although the check says it better. */
const mistakes: readonly (readonly [mistake: string, document: Json])[] = [
  ['a misspelled key', withGrant({ credential: true })],
  ['an origin without a scheme', withGrant({ origins: ['shop.example.com'] })],
  ['an origin with a path', withGrant({ origins: ['https://shop.example.com/'] })],
  ['an origin in upper case', withGrant({ origins: ['https://Shop.example.com'] })],
  ['an origin with a U-label', withGrant({ origins: ['https://bücher.example'] })],
  ['two origins in one text', withGrant({ origins: ['https://a.example, https://b.example'] })],
  ['the null origin', withGrant({ origins: ['null'] })],
  ['an origin twice', withGrant({ origins: ['https://a.example', 'https://a.example'] })],
  ['no origin', withGrant({ origins: [] })],
  ['a group in a group', { version: 1, origins: { a: ['@b'] }, rules: [] }],
  ['a group with a blank in its name', { version: 1, origins: { 'a b': [] }, rules: [] }],
  ['a group that is not external', { version: 1, origins: { a: { external: false } }, rules: [] }],
  ['a path without its slash', withPath('a')],
  ['a path with a query', withPath('/a?b')],
  ['a path that is a regular expression', withPath('^/a(b|c)$')],
  ['a method that is a text', withGrant({ methods: 'GET' })],
  ['a method with a blank', withGrant({ methods: ['GET '] })],
  ['a header with a colon', withGrant({ requestHeaders: ['etag:'] })],
  ['headers in one text', withGrant({ exposedHeaders: 'etag, x-a' })],
  ['credentials in quotes', withGrant({ credentials: 'true' })],
  ['an age of two days', withGrant({ maxAge: 172_800 })],
  ['a negative age', withGrant({ maxAge: -1 })],
  ['an age in seconds as text', withGrant({ maxAge: '600' })],
  ['a waiver without a reason', withGrant({ accept: [{ code: 'insecure-origin', because: '' }] })],
  ['a waiver of what cannot be waived', withGrant({ accept: [{ code: 'null-origin', because: 'x' }] })],
  ['a waiver until some day', withGrant({ accept: [{ code: 'any-port', because: 'x', until: 'tomorrow' }] })],
  ['another version', { version: 2, rules: [] }],
  ['a preflight status that is not ok', { version: 1, preflightStatus: 304, rules: [] }],
  ['no rules', { version: 1 }],
  ['an invariant about nothing', { version: 1, rules: [], invariants: [{ id: 'a', never: {} }] }],
]

table('the published schema', [
  ['is a schema', () => assert.equal(ajv.validateSchema(schema), true)],
  [
    'takes the policy of the documentation, as the check of its shape does',
    () => {
      assert.equal(isPublished(designDocument), true, ajv.errorsText(isPublished.errors))
      assert.deepEqual(checkShape(designDocument), [])
    },
  ],
  ...parts.map(
    ([place, part]): Row => [
      `${place} is described, with examples that it takes itself`,
      () => {
        assert.match(String(part.description ?? ''), /^[A-Z"].*\.$/s, 'a sentence')
        assert.ok((part.examples ?? []).length > 0, 'examples')
        const { examples, ...rest } = part
        const itself = new Ajv2020({ strict: false }).compile({ ...rest, $defs: definitions })
        for (const example of [...(examples ?? []), ...('default' in part ? [part.default] : [])]) {
          assert.equal(itself(example), true, JSON.stringify(example))
        }
      },
    ],
  ),
  ...mistakes.map(
    ([mistake, document]): Row => [`refuses ${mistake}`, () => assert.equal(isPublished(document), false)],
  ),
  [
    'lets nothing be written that is not told: every object that names its keys is closed',
    () => {
      for (const [place, part] of parts) {
        if (part.properties !== undefined) assert.equal(part.additionalProperties, false, place)
      }
    },
  ],
])

table('the positions of a document', [
  [
    'are found again on the object that was marked, and on no copy',
    () => {
      const locate = () => ({ line: 1, column: 1 })
      const document = withLocations({ version: 1, rules: [] }, locate)
      assert.equal(locationsOf(document), locate)
      assert.equal(locationsOf({ ...document }), undefined)
      assert.equal(locationsOf(structuredClone(document)), undefined)
      assert.equal(JSON.stringify(document), '{"version":1,"rules":[]}')
    },
  ],
  [
    'are those of no other value',
    () => {
      for (const value of [undefined, null, 'text', 5, {}]) assert.equal(locationsOf(value), undefined)
    },
  ],
])

// Declared for the compiler: a group is a list or an object.
table('the kinds of a group', [
  [
    'are the same in both',
    () => assert.deepEqual(kindsOf(definitions.group ?? {}).sort(), Object.keys(groups.group.kinds).sort()),
  ],
])
