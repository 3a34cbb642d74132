import assert from 'node:assert/strict'
import { openPlace, type Ran } from '../../support/command.js'
import { shopBefore } from '../../support/example-policies.js'
import { type Row, table } from '../../support/table.js'

const fonts = `{
  "version": 1,
  "rules": [{ "id": "fonts", "paths": ["/fonts/**"], "allow": [{ "origins": ["*"], "methods": ["GET"] }] }]
}
`
/** Two errors with fixes, and in another rule two warnings and an info. */
const faulty = `# kept
version: 1
rules:
  - id: api
    paths: [/api/**]
    allow:
      - origins: [https://shop.example.com/] # with a slash
        methods: [get]
  - id: dev
    paths: [/dev/**]
    allow: [{ origins: ['https://*.example.com:*'], methods: [GET], maxAge: 1d, credentials: true }]
`

/** `local` is a group; `localhost:3000` an origin. */
const forgotten = `version: 1
origins: { web: [https://shop.example.com], local: ['http://localhost:5000'], later: [https://a.example.com] }
rules:
  - id: api
    paths: [/api/**]
    allow:
      - origins: [web, local, 'localhost:3000']
        methods: [GET]
`

const place = openPlace({
  'shop.cors.yaml': shopBefore,
  'shop.cors.test.yaml': 'version: 1\n',
  'assets/fonts.cors.json': fonts,
  'assets/notes.txt': 'nothing\n',
  'node_modules/other/lax.cors.json': '{}',
  'faulty/api.cors.yaml': faulty,
  'odd [name]/x.cors.yaml': fonts,
})

interface Expected {
  readonly code: Ran['code']
  readonly out?: string
  readonly err?: string
}

function says(command: string, { code, out = '', err = '' }: Expected): Row {
  return [`${command} ends with ${code}`, async () => assert.deepEqual(await place.run(command), { code, out, err })]
}

table('check', [
  says('check shop.cors.yaml', { code: 0, out: '1 file: nothing to report\n' }),
  says('check shop.cors.yaml assets/fonts.cors.json', { code: 0, out: '2 files: nothing to report\n' }),
  says('check assets', { code: 0, out: '1 file: nothing to report\n' }),
  says("check 'odd [name]'", { code: 0, out: '1 file: nothing to report\n' }),
  says("check '*.cors.{yaml,json}' shop.cors.yaml", { code: 0, out: '1 file: nothing to report\n' }),
  says("check 'nowhere/*.yaml'", { code: 1, err: 'safeconduct: no policy matches nowhere/*.yaml\n' }),
  says('check node_modules', {
    code: 1,
    err: 'safeconduct: there is no policy in node_modules; by convention it is named *.cors.{json,jsonc,yaml,yml}\n',
  }),
  says('check shop.cors.test.yaml', {
    code: 2,
    err: 'safeconduct: shop.cors.test.yaml is a suite; safeconduct test checks and runs it\n(safeconduct help check shows how)\n',
  }),
  says('check faulty', {
    code: 3,
    out: [
      'faulty/api.cors.yaml:7:19 error invalid-origin: `https://shop.example.com/` is more than scheme, host and port (character 25, `/`); write `https://shop.example.com`',
      'faulty/api.cors.yaml:8:19 error method-case: `get` is not `GET`, since methods are case-sensitive; write `GET`',
      'faulty/api.cors.yaml:11:25 warning subdomain-wildcard-with-credentials: `https://*.example.com:*` shares credentials with every subdomain, with `https://forgotten.example.com:8443` as soon as it exists; list the origins, or accept it with a reason',
      'faulty/api.cors.yaml:11:25 warning any-port: `https://*.example.com:*` is every service on the host, whatever its port; list the ports',
      'faulty/api.cors.yaml:11:77 info max-age-above-caps: `1d` is more than Chromium (`"2h"`) and WebKit (`"10m"`) keep a preflight\'s answer; write `"2h"`',
      '1 file: 2 errors, 2 warnings, 1 info',
      '',
    ].join('\n'),
  }),
  [
    'without names it takes all policies here and below, suites and installed packages aside',
    async () => {
      const { code, out } = await place.run('check --format json')
      assert.equal(code, 3)
      assert.deepEqual(JSON.parse(out).files, [
        'assets/fonts.cors.json',
        'faulty/api.cors.yaml',
        'odd [name]/x.cors.yaml',
        'shop.cors.yaml',
      ])
    },
  ],
  [
    'on a terminal it shows the lines, in colour',
    async () => {
      const { out } = await place.run('check faulty', { colour: true })
      const frame = out
        .replace(/\u001b\[\d+m/g, '')
        .split('\n')
        .slice(1, 5)
      assert.deepEqual(frame, [
        '  6 |     allow:',
        '> 7 |       - origins: [https://shop.example.com/] # with a slash',
        '    |                   ^',
        '  8 |         methods: [get]',
      ])
      assert.match(out, /\u001b\[31merror\u001b\[39m/)
    },
  ],
  [
    'a waiver holds until its day, and not a day longer',
    async () => {
      const accept = `accept: [{ code: any-port, because: x, until: '2025-12-31' }, { code: subdomain-wildcard-with-credentials, because: x, until: '2026-01-01' }]`
      const waived = faulty.replace('com/]', 'com]').replace('get', 'GET').replace('maxAge: 1d', accept)
      place.write('waived.cors.yaml', waived)
      const codes = async (today: string): Promise<string[]> => {
        const { out } = await place.run('check waived.cors.yaml --format json', { today })
        return JSON.parse(out).findings.map(({ code }: { code: string }) => code)
      }
      assert.deepEqual(await codes('2025-12-31'), [])
      assert.deepEqual(await codes('2026-01-01'), ['expired-accept'])
    },
  ],
  [
    '--fail-on takes the least severity that fails',
    async () => {
      place.write('warned.cors.yaml', faulty.replace('com/]', 'com]').replace('get', 'GET'))
      const codes = ['error', 'warning', 'info'].map((least) => place.run(`check warned.cors.yaml --fail-on ${least}`))
      assert.deepEqual(
        (await Promise.all(codes)).map(({ code }) => code),
        [0, 3, 3],
      )
    },
  ],
])

table('check --fix', [
  [
    'puts the cures into the file, and nothing else changes',
    async () => {
      place.write('mine.cors.yaml', faulty)
      const { code, out } = await place.run('check mine.cors.yaml --fix')
      assert.equal(code, 0)
      assert.match(out, /\n1 file: 2 warnings; 3 fixed\n$/)
      const expected = faulty.replace('example.com/]', 'example.com]').replace('get', 'GET').replace('1d', '2h')
      assert.equal(place.read('mine.cors.yaml'), expected)
    },
  ],
  [
    'reads a file whose name tells no format as the check does',
    async () => {
      place.write('policy', faulty)
      assert.equal((await place.run('check policy --fix')).code, 0)
      assert.ok(place.read('policy').includes('GET'))
    },
  ],
  [
    'names groups that have lost their `@`, and removes none',
    async () => {
      place.write('groups.cors.yaml', forgotten)
      const { code, out } = await place.run('check groups.cors.yaml --fix')
      assert.equal(code, 0, out)
      const expected = forgotten
        .replace('[web, local,', '["@web", "@local",')
        .replace("'localhost", "'http://localhost")
      assert.equal(place.read('groups.cors.yaml'), expected)
    },
  ],
  [
    'leaves a file without fixes as it is, byte for byte',
    async () => {
      place.write('crlf.cors.yaml', `\ufeff${shopBefore.replaceAll('\n', '\r\n')}`)
      assert.equal((await place.run('check crlf.cors.yaml --fix')).code, 0)
      assert.equal(place.read('crlf.cors.yaml'), `\ufeff${shopBefore.replaceAll('\n', '\r\n')}`)
    },
  ],
  [
    'does not touch a text that cannot be read',
    async () => {
      place.write('broken.cors.yaml', 'version: 1\nrules: [\n')
      assert.equal((await place.run('check broken.cors.yaml --fix')).code, 3)
      assert.equal(place.read('broken.cors.yaml'), 'version: 1\nrules: [\n')
    },
  ],
])

const teamA = `version: 1
origins:
  web: [https://shop.example.com]
rules:
  - id: api
    paths: [/api/**]
    allow: [{ origins: ['@web'], methods: [GET] }]
`
const teamB = `version: 1
origins:
  web: [https://other.example.com]
rules:
  - id: fonts
    paths: [/fonts/*.woff2]
    allow: [{ origins: ['*'], methods: [GET] }]
  - id: orders
    paths: ['/**/orders']
    allow: [{ origins: ['@web'], methods: [GET] }]
`

table('check --merge', [
  [
    'tells what clashes between files, with the file of each',
    async () => {
      place.write('teams/a.cors.yaml', teamA)
      place.write('teams/b.cors.yaml', teamB)
      const { code, out } = await place.run('check teams --merge')
      assert.equal(code, 3)
      assert.deepEqual(out.split('\n'), [
        'teams/b.cors.yaml:3:8 error merge-conflict: group `web` holds other origins in teams/a.cors.yaml; rename one, or make them equal',
        'teams/b.cors.yaml:9:13 error ambiguous-paths: `/api/orders` matches `/api/**` of rule `api` of teams/a.cors.yaml and `/**/orders` of rule `orders`, and neither is more specific; add `/api/**/orders` to one of them',
        '2 files: 2 errors',
        '',
      ])
    },
  ],
  [
    'the order of the files means nothing',
    async () => {
      const counts = ['teams/a.cors.yaml teams/b.cors.yaml', 'teams/b.cors.yaml teams/a.cors.yaml'].map(
        async (files) => {
          const { findings } = JSON.parse((await place.run(`check ${files} --merge --format json`)).out)
          return findings.map(({ code }: { code: string }) => code)
        },
      )
      const [first, second] = await Promise.all(counts)
      assert.deepEqual(first, second)
    },
  ],
  [
    'a repeated id is told with the place of the first',
    async () => {
      place.write('twice/a.cors.yaml', teamA)
      place.write('twice/b.cors.yaml', teamA.replace('/api/**', '/v2/**'))
      const { out } = await place.run('check twice --merge')
      assert.match(
        out,
        /^twice\/b\.cors\.yaml:5:9 error duplicate-id: id `api` is already used at twice\/a\.cors\.yaml:5:5; choose another\n/,
      )
    },
  ],
  [
    'files that are each sound, and sound together',
    async () => {
      place.write('sound/a.cors.yaml', teamA)
      place.write('sound/b.cors.yaml', teamB.replace('other', 'shop').replace('/**/orders', '/orders'))
      assert.deepEqual(await place.run('check sound --merge'), {
        code: 0,
        out: '2 files: nothing to report\n',
        err: '',
      })
    },
  ],
  [
    'a file that cannot be read is told of first',
    async () => {
      place.write('torn/a.cors.yaml', teamA)
      place.write('torn/b.cors.yaml', 'rules: [')
      const { code, out } = await place.run('check torn --merge')
      assert.equal(code, 3)
      assert.match(out, /^torn\/b\.cors\.yaml:\d+:\d+ error syntax/)
    },
  ],
])

table(
  'files that are none',
  [
    [
      'of more than 4 MiB are refused with a sentence, however large',
      async () => {
        place.write('huge.cors.yaml', Buffer.alloc(64 << 20, '# more and more\n'))
        const { code, out } = await place.run('check huge.cors.yaml')
        assert.equal(code, 3)
        assert.equal(
          out,
          'huge.cors.yaml:1:1 error text-too-large: the text is larger than 4 MiB; split the document\n1 file: 1 error\n',
        )
        assert.equal((await place.run('check /dev/zero')).code, 3)
      },
    ],
    [
      'of another encoding are told as such',
      async () => {
        place.write('utf16.cors.yaml', Buffer.from('\ufeffversion: 1\n', 'utf16le'))
        assert.deepEqual(await place.run('check utf16.cors.yaml'), {
          code: 1,
          out: '',
          err: 'safeconduct: utf16.cors.yaml is not UTF-8\n',
        })
      },
    ],
    [
      'names and texts cannot write to the terminal',
      async () => {
        const name = 'a\u001b[31m\u202eb.cors.yaml'
        place.write(name, 'version: 1\nrules:\n  - id: "\\u001b[2J"\n    "k\\u202e": 1\n')
        for (const format of ['text', 'json', 'github', 'markdown', 'junit', 'tap', 'sarif']) {
          for (const colour of [false, true]) {
            const { out } = await place.run(['check', name, '--format', format], { colour })
            const bare = out.replace(/\u001b\[(?:\d+)m/g, (code) => (colour ? '' : code))
            assert.doesNotMatch(bare, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, `${format} ${colour}`)
          }
        }
      },
    ],
  ],
  { after: () => place.close() },
)
