/** Every command in every format that it offers. */
import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { parseAllDocuments } from 'yaml'
import { openPlace } from '../../support/command.js'
import { shopAfter, shopBefore } from '../../support/example-policies.js'
import { read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'
import { elementsOf } from '../../support/xml.js'

const suite = `version: 1
cases:
  - name: 'strangers <are> "refused" & # sent away'
    request: { path: /api/orders/7, origin: https://evil.example }
    expect: { outcome: allowed }
  - name: the shop reads
    fetch: { from: https://shop.example.com, path: /api/orders/7, credentials: include }
    expect: { readable: true }
matrices:
  - { name: a matrix, origins: [https://evil.example], paths: [/api/orders], methods: [GET, PUT], allow: [] }
`
const hostile = `version: 1
rules:
  - id: "]]>&lt;\\u0000"
    paths: ['/%0d::warning::', '/|<b>@team*_\`x\`']
    allow: [{ origins: ['https://a.example/<script>alert(1)</script>'], methods: ['G%T'] }]
`

const place = openPlace({
  'shop.cors.yaml': shopBefore,
  'open.cors.yaml': shopAfter,
  'shop.cors.test.yaml': suite,
  'bad.cors.test.yaml': 'version: 1\npolicy: shop.cors.yaml\ncases: [{ name: x, expects: 1 }]\n',
  'a, b|c:d%.cors.yaml': hostile,
})

/** Each with the formats that it offers beside text and json. */
const commands: readonly (readonly [args: readonly string[], formats: readonly string[]])[] = [
  [
    ['check', 'shop.cors.yaml'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [
    ['check', 'a, b|c:d%.cors.yaml', 'shop.cors.yaml'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [
    ['check', 'shop.cors.yaml', 'open.cors.yaml', '--merge'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [
    ['test', 'shop.cors.test.yaml', '--coverage'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [
    ['test', 'bad.cors.test.yaml', 'shop.cors.test.yaml', '--coverage-threshold', '99'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [
    ['explain', 'shop.cors.yaml', 'PUT', '/api/orders/7', '--origin', 'https://shop.example.com', '--preflight'],
    ['markdown'],
  ],
  [['explain', 'shop.cors.yaml', '/api/orders/internal', '--origin', 'x'], ['markdown']],
  [['explain', 'shop.cors.yaml', '/..', '--rule', 'orders'], ['markdown']],
  [
    ['compare', 'shop.cors.yaml', 'open.cors.yaml'],
    ['sarif', 'github', 'markdown'],
  ],
  [
    ['compare', 'open.cors.yaml', 'shop.cors.yaml', '--fail-on', 'any'],
    ['sarif', 'github', 'markdown'],
  ],
  [
    ['prove', 'open.cors.yaml', '--builtin', 'no-strangers', '--never', 'method=PATCH'],
    ['sarif', 'github', 'junit', 'markdown', 'tap'],
  ],
  [['init', 'started', '--force'], []],
]

const validate = new Ajv2020({ allowUnionTypes: true, strictRequired: false }).compile(
  JSON.parse(read('schemas/report.v1.schema.json')),
)

/** The part of SARIF 2.1.0 that readers of it need. */
const sarif: ValidateFunction = new Ajv2020().compile({
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results', 'columnKind'],
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'version', 'rules'],
                properties: {
                  rules: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['id', 'shortDescription'],
                      properties: { id: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'],
              properties: {
                level: { enum: ['error', 'warning', 'note'] },
                message: { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } },
                locations: {
                  type: 'array',
                  minItems: 1,
                  maxItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            required: ['uri'],
                            properties: { uri: { type: 'string', pattern: "^[\\w%.~!$&'()*+,;=:@/-]+$" } },
                          },
                          region: {
                            type: 'object',
                            required: ['startLine', 'startColumn'],
                            properties: {
                              startLine: { type: 'integer', minimum: 1 },
                              startColumn: { type: 'integer', minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
})

interface Run {
  readonly out: string
  readonly report: {
    readonly findings: readonly { code: string; file: string }[]
    readonly outcomes: readonly { failure?: string }[]
  }
}

/** What must hold of each format, whatever is reported. */
const checks: Readonly<Record<string, (run: Run) => void>> = {
  sarif: ({ out, report }) => {
    const log = JSON.parse(out)
    assert.equal(sarif(log), true, JSON.stringify(sarif.errors))
    const [{ tool, results }] = log.runs
    assert.equal(results.length, report.findings.length)
    for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex].id, ruleId)
    for (const [i, { locations }] of results.entries()) {
      assert.equal(decodeURIComponent(locations[0].physicalLocation.artifactLocation.uri), report.findings[i]?.file)
    }
  },
  github: ({ out, report }) => {
    const lines = out.trimEnd().split('\n')
    const command = /^::(?:error|warning|notice) file=[^,:\r\n]*(?:,line=\d+,col=\d+)?,title=[a-z-]+::.+$/
    assert.equal(lines.length, report.findings.length + 1)
    for (const line of lines.slice(0, -1)) assert.match(line, command)
    assert.match(lines.at(-1) ?? '', /^safeconduct: /)
    // Whatever stands behind a percent sign the runner would decode.
    for (const [, code] of out.matchAll(/%(..)/g)) assert.ok(['25', '3A', '2C'].includes(code ?? ''), code)
  },
  junit: ({ out, report }) => {
    const elements = elementsOf(out)
    const cases = elements.filter(({ name }) => name === 'testcase')
    const failures = elements.filter(({ name }) => name === 'failure')
    assert.equal(cases.length, report.outcomes.length)
    assert.equal(failures.length, report.outcomes.filter(({ failure }) => failure !== undefined).length)
    assert.deepEqual(
      [elements[0]?.name, elements[0]?.attributes.tests, elements[0]?.attributes.failures],
      ['testsuites', String(cases.length), String(failures.length)],
    )
  },
  tap: ({ out, report }) => {
    const [version, plan, ...rest] = out.trimEnd().split('\n')
    assert.deepEqual([version, plan], ['TAP version 14', `1..${report.outcomes.length}`])
    const points = rest.filter((line) => /^(?:not )?ok /.test(line))
    assert.deepEqual(
      points.map((line) => line.startsWith('ok ')),
      report.outcomes.map(({ failure }) => failure === undefined),
    )
    const blocks = [...out.matchAll(/^ {2}---\n((?: {2}.*\n)*?) {2}\.\.\.$/gm)].map(([, text]) => text ?? '')
    for (const text of blocks)
      assert.deepEqual(
        parseAllDocuments(text.replace(/^ {2}/gm, '')).flatMap((each) => ('errors' in each ? each.errors : [])),
        [],
      )
    assert.equal(blocks.length, report.outcomes.filter(({ failure }) => failure !== undefined).length)
  },
  markdown: ({ out }) => {
    const outside = out.replace(/(`{3,})text\n[\s\S]*?\n\1\n/g, '').replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    assert.match(out, /^### /)
    assert.doesNotMatch(outside, /<(?!br>)|@\w|https?:\/\/|(?<!\\)\*(?!\*)[^*]*_/, outside)
    for (const rows of out.split('\n\n').filter((each) => each.startsWith('| '))) {
      const columns = rows
        .trimEnd()
        .split('\n')
        .map((row) => row.replaceAll('\\|', '').split('|').length)
      assert.equal(new Set(columns).size, 1, rows)
    }
  },
}

function rowsOf([args, formats]: (typeof commands)[number]): Row[] {
  const words = args.join(' ')
  return [
    [
      `${words}: json is what the schema says`,
      async () => {
        const { out, code } = await place.run([...args, '--format', 'json'])
        const report = JSON.parse(out)
        assert.equal(validate(report), true, JSON.stringify(validate.errors))
        assert.equal(code, report.failed ? 3 : 0)
      },
    ],
    ...formats.map(
      (format): Row => [
        `${words}: ${format}`,
        async () => {
          const { out } = await place.run([...args, '--format', format])
          const { out: json } = await place.run([...args, '--format', 'json'])
          checks[format]?.({ out, report: JSON.parse(json) })
        },
      ],
    ),
    [
      `${words}: no other format`,
      async () => {
        const others = ['sarif', 'github', 'junit', 'markdown', 'tap'].filter((format) => !formats.includes(format))
        for (const format of others) assert.equal((await place.run([...args, '--format', format])).code, 2)
      },
    ],
  ]
}

table('reports', commands.flatMap(rowsOf), { after: () => place.close() })

type Schema = { readonly [key: string]: unknown }

/** Every schema within a schema. */
function* partsOf(value: unknown): Iterable<Schema> {
  if (typeof value !== 'object' || value === null) return
  const schema = value as Schema
  if (!Array.isArray(value)) yield schema
  const { examples: _, ...rest } = schema
  for (const part of Object.values(Array.isArray(value) ? value : rest)) yield* partsOf(part)
}

const schema = JSON.parse(read('schemas/report.v1.schema.json')) as {
  $defs: Record<string, Schema>
  properties: Record<string, Schema>
}

table('the schema of reports', [
  [
    'describes each field in a sentence',
    () => {
      const fields = [...partsOf(schema)].flatMap((part) =>
        Object.entries((part.properties ?? {}) as Record<string, Schema>),
      )
      const named = fields.filter(([, field]) => field.type !== undefined || field.enum !== undefined)
      const silent = named.filter(([, field]) => !/^[A-Z`].*\.$/s.test(String(field.description)))
      assert.ok(named.length > 80, `${named.length}`)
      assert.deepEqual(
        silent.map(([key]) => key),
        [],
      )
    },
  ],
  [
    'its examples are what it says',
    () => {
      const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false })
      ajv.addSchema(schema, 'report')
      for (const example of (schema as unknown as { examples: unknown[] }).examples)
        assert.ok(validate(example), JSON.stringify(validate.errors))
      for (const [key, { examples = [] }] of Object.entries(schema.$defs)) {
        const part = ajv.compile({ $ref: `report#/$defs/${key}` })
        for (const example of examples as unknown[]) assert.ok(part(example), `${key}: ${JSON.stringify(part.errors)}`)
      }
    },
  ],
])
