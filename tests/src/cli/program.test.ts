/** The command line as a newcomer meets it: help, usage, exit codes. */
import assert from 'node:assert/strict'
import { openPlace, type Ran } from '../support/command.js'
import { shopBefore } from '../support/example-policies.js'
import { type Row, table } from '../support/table.js'

const place = openPlace({ 'shop.cors.yaml': shopBefore, 'bad.cors.yaml': 'version: 2\nrules: []\n' })
const verbs = ['check', 'test', 'explain', 'compare', 'prove', 'init', 'schema', 'completion']

function ends(command: string, code: Ran['code'], err: RegExp | string): Row {
  return [
    `safeconduct ${command || '(nothing)'} ends with ${code}`,
    async () => {
      const ran = await place.run(command)
      assert.equal(ran.code, code, ran.err)
      if (typeof err === 'string') assert.equal(ran.err, err)
      else assert.match(ran.err, err)
    },
  ]
}

table(
  'the command line',
  [
    [
      'help names every verb and the exit codes',
      async () => {
        const { code, out, err } = await place.run('--help')
        assert.deepEqual([code, err], [0, ''])
        for (const verb of verbs) assert.match(out, new RegExp(`^ {2}${verb} `, 'm'))
        assert.match(out, /Exit codes: 0 clean, 1 could not run, 2 usage, 3 findings\.\n$/)
      },
    ],
    ...verbs.flatMap((verb): Row[] => [
      [
        `help of ${verb} has an example, which is read as it stands`,
        async () => {
          const { code, out } = await place.run(`${verb} --help`)
          assert.equal(code, 0)
          const examples = out.slice(out.search(/^(Examples|In your shell):$/m)).match(/safeconduct [^)|\n]*/g) ?? []
          assert.ok(examples.length > 0, out)
          for (const example of examples) {
            const ran = await place.run(example.replace('safeconduct ', '').replace(/ > .*/, ''))
            assert.notEqual(ran.code, 2, `${example}: ${ran.err}`)
          }
        },
      ],
      [
        `help ${verb} says the same`,
        async () => assert.equal((await place.run(`help ${verb}`)).out, (await place.run(`${verb} --help`)).out),
      ],
    ]),
    ['the version is the package’s', async () => assert.match((await place.run('--version')).out, /^\d+\.\d+\.\d+\n$/)],
    ends('', 2, /^Usage: safeconduct/),
    ends('chek', 2, /^safeconduct: unknown command 'chek'\n\(Did you mean check\?\)/),
    ends('check --frob', 2, /^safeconduct: unknown option '--frob'.*\n\(safeconduct help check shows how\)/),
    ends('check --format xml', 2, /Allowed choices are text, json, sarif, github, junit, markdown, tap/),
    ends('explain', 2, /missing required argument 'policy'/),
    ends(
      'explain shop.cors.yaml',
      2,
      'safeconduct: explain takes a policy, a method and a path; or --paste\n(safeconduct help explain shows how)\n',
    ),
    ends('test --coverage-threshold lots', 2, /It is a number from 0 to 100/),
    ends(
      'compare shop.cors.yaml',
      2,
      /^safeconduct: compare takes the earlier and the later file; or --base[^\n]*\n\(safeconduct help compare shows how\)\n$/,
    ),
    ends('prove bad.cors.yaml', 1, /^safeconduct: bad\.cors\.yaml is not a valid policy:\n {2}1:10 schema: .*\n$/),
    ends('check nowhere.cors.yaml', 1, 'safeconduct: there is no file nowhere.cors.yaml\n'),
    ends('check bad.cors.yaml', 3, ''),
    ends('check shop.cors.yaml', 0, ''),
    [
      'what was typed cannot write to the terminal',
      async () => {
        for (const args of [['check', '\u001b[2J'], ['\u009b31m'], ['check', '--\u202e'], ['explain', 'a\nb', '/']]) {
          const { code, out, err } = await place.run(args)
          assert.ok(code === 1 || code === 2)
          assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
        }
      },
    ],
    [
      'a fault of the program itself is told as one, and is no finding',
      async () => {
        const { code, err } = await place.run('check', {
          out: () => {
            throw new Error('the clock stands')
          },
        })
        assert.equal(code, 1)
        assert.match(
          err,
          /^safeconduct: this is a fault of the program itself, please report it\nError: the clock stands\n/,
        )
      },
    ],
  ],
  { after: () => place.close() },
)
