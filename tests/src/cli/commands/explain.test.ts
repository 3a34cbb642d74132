import assert from 'node:assert/strict'
import { openPlace, textStream } from '../../support/command.js'
import { type CorpusCase, type CorpusFile, readCorpus } from '../../support/corpus.js'
import { shopBefore } from '../../support/example-policies.js'
import { type Row, table } from '../../support/table.js'

const place = openPlace({ 'shop.cors.yaml': shopBefore })

/** The first line: the request in words, and its outcome. */
function heading(command: string, expected: string, stdin = ''): Row {
  return [
    `${command}${stdin === '' ? '' : `, from ${stdin.split('\n')[0]}`} is told as ${expected}`,
    async () => {
      const { code, out, err } = await place.run(command, { stdin: textStream(stdin) })
      assert.deepEqual([out.split('\n')[0], err, code], [expected, '', 0])
    },
  ]
}

const told = `GET /api/orders/1 from http://shop.example.com: refused (origin-not-allowed)
  ✔ path            the canonical path is /api/orders/1
  ✔ rule            rule orders, by /api/orders/**
  ✔ origin          http://shop.example.com is a serialized origin
  ✘ grant           no grant of rule orders covers the origin
    near: https://shop.example.com (by https) is granted
    Fetch, "CORS check"
  · method          no grant, no methods
  added to the answer:
    vary: Origin
  Chromium: Access to fetch at '<url>' from origin 'http://shop.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
  Firefox: Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at <url>. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: <status>.
`

const asked = 'explain shop.cors.yaml'

table('explain', [
  [
    'tells step by step why, what was near, and what browsers print',
    async () => {
      const { code, out } = await place.run(`${asked} /api/orders/1 --origin http://shop.example.com`)
      assert.deepEqual([code, out], [0, told])
    },
  ],
  heading(
    `${asked} POST /api/orders/1 --origin https://shop.example.com`,
    'POST /api/orders/1 from https://shop.example.com: allowed',
  ),
  heading(`${asked} /api/orders`, 'GET /api/orders without Origin: no CORS request'),
  heading(
    `${asked} DELETE /api/orders/1 --origin https://shop.example.com --preflight`,
    'preflight for DELETE /api/orders/1 from https://shop.example.com: refused (method-not-allowed)',
  ),
  heading(
    `${asked} POST /api/orders/1 --origin https://shop.example.com --request-headers content-type,x-a`,
    'preflight for POST /api/orders/1 from https://shop.example.com with content-type,x-a: refused (request-headers-not-allowed)',
  ),
  heading(
    `${asked} -X POST -H 'Origin: https://shop.example.com' 'https://api.example.com/api/orders/1?x=1#y'`,
    'POST /api/orders/1 from https://shop.example.com: allowed',
  ),
  heading(
    `${asked} /API/orders --origin https://shop.example.com --fold case`,
    'GET /api/orders from https://shop.example.com: allowed',
  ),
  heading(
    `${asked} /api/orders --origin https://p.example --external partners=https://p.example --external @partners=https://q.example`,
    'GET /api/orders from https://p.example: allowed',
  ),
  heading(
    `${asked} /x --origin https://shop.example.com --rule orders`,
    'GET /x from https://shop.example.com on a route of rule orders: allowed',
  ),
  heading(
    `${asked} /api/orders --origin https://shop.example.com --no-rule`,
    'GET /api/orders from https://shop.example.com on a route that allows nobody: refused (nobody-allowed)',
  ),
  [
    'where a grant says "served", it takes the method for served and says so',
    async () => {
      place.write('served.cors.yaml', shopBefore.replace('methods: [GET, POST]', 'methods: served'))
      const words = 'explain served.cors.yaml PUT /api/orders/1 --origin https://shop.example.com'
      const { out } = await place.run(words)
      assert.match(out, /: allowed\n[\s\S]*assumed: the router serves the method \(--served says what it serves\)/)
      assert.match((await place.run(`${words} --served GET,POST`)).out, /: refused \(method-not-allowed\)\n/)
    },
  ],
  ...[
    [`${asked} a b c`, 'explain takes a policy, a method and a path; or --paste'],
    [`${asked} / --preflight`, 'a preflight has an origin; give --origin'],
    [`${asked} / -H nonsense`, "nonsense is no header; write 'Name: value'"],
    [`${asked} / --external partners`, 'partners is no member of a group; write GROUP=ORIGIN'],
    [`${asked} / --external web=https://a.example`, 'the policy has no external group `web`; remove it'],
  ].map(
    ([command = '', message = '']): Row => [
      `${command} is no use: ${message}`,
      async () => {
        const { code, err } = await place.run(command)
        assert.equal(code, 2)
        assert.ok(err.startsWith(`safeconduct: ${message}`), err)
      },
    ],
  ),
])

const paste = `${asked} --paste -`
const curl = `curl 'https://api.example.com/api/orders/1' \\
  -X 'POST' \\
  -H 'accept: */*' \\
  -H 'origin: https://shop.example.com' \\
  --data-raw '{"it'\\''s": "x"}' --compressed`
const har = JSON.stringify({
  log: {
    version: '1.2',
    entries: [
      { request: { method: 'GET', url: 'https://shop.example.com/', headers: [] } },
      {
        request: {
          method: 'OPTIONS',
          url: 'https://api.example.com/api/orders/1',
          headers: [
            { name: ':method', value: 'OPTIONS' },
            { name: 'Origin', value: 'https://evil.example' },
            { name: 'Access-Control-Request-Method', value: 'PUT' },
          ],
        },
      },
      {
        request: {
          method: 'GET',
          url: 'https://api.example.com/api/orders',
          headers: [{ name: 'Origin', value: 'https://shop.example.com' }],
        },
      },
      null,
      { request: { method: 1 } },
    ],
  },
})

table('a paste', [
  heading(paste, 'POST /api/orders/1 from https://shop.example.com: allowed', curl),
  heading(
    paste,
    'PUT /api/orders/1 from https://evil.example: refused (origin-not-allowed)',
    "$ curl -sSXPUT -H'Origin: https://evil.example' https://api.example.com/api/orders/1 -o /dev/null",
  ),
  heading(
    paste,
    'POST /api/orders from https://evil.example: refused (origin-not-allowed)',
    'curl --unknown-option value -d a=b -H "Origin: https://evil.example" https://api.example.com/api/orders',
  ),
  heading(
    paste,
    'GET /api/orders from https://evil.example: refused (origin-not-allowed)',
    'curl -G -d a=b -H "Origin: https://evil.example" --url https://api.example.com/api/orders',
  ),
  heading(
    paste,
    'HEAD /api/orders from https://a"b.example: refused (origin-not-allowed)',
    "curl -I $'https://api.example.com/api\\u002forders' -H $'Origin: https://a\\x22b.example'",
  ),
  heading(
    paste,
    'GET /api/orders from https://evil.example: refused (origin-not-allowed)',
    'curl ^"https://api.example.com/api/orders^" ^\r\n  -H ^"Origin: https://evil.example^"',
  ),
  [
    'of a HAR file has all CORS requests in it',
    async () => {
      place.write('requests.har', `\ufeff${har}`)
      const { out } = await place.run(`${asked} --paste requests.har`)
      assert.deepEqual(
        out.split('\n').filter((line) => /^\S/.test(line)),
        [
          'preflight for PUT /api/orders/1 from https://evil.example: refused (origin-not-allowed)',
          'GET /api/orders from https://shop.example.com: allowed',
          '2 requests: 1 refused (origin-not-allowed), 1 allowed; 1 without Origin passed over',
        ],
      )
    },
  ],
  ...[
    ['wget https://x.example', 'the paste is neither a curl command nor a HAR file'],
    ['curl -s', 'the curl command has no URL'],
    ['{"log":', 'the paste is not JSON to its end'],
    ['{"log":{}}', 'the paste is no HAR file: it has no log.entries'],
    ['{"log":{"entries":[null]}}', 'the HAR file holds no request'],
  ].map(
    ([text = '', message = '']): Row => [
      `${text}: ${message}`,
      async () => {
        const { code, err } = await place.run(paste, { stdin: textStream(text) })
        assert.deepEqual([code, err], [2, `safeconduct: ${message}\n`])
      },
    ],
  ),
  [
    'without an end is refused',
    async () => {
      async function* endless(): AsyncIterable<Uint8Array> {
        for (;;) yield Buffer.alloc(8 << 20, 'x')
      }
      const { code, err } = await place.run(paste, { stdin: endless() })
      assert.deepEqual([code, err], [1, 'safeconduct: standard input has more than 64 MiB; paste fewer requests\n'])
    },
  ],
])

/** The options by which the command line asks what a case of the corpus asks. */
function argsOf(
  { router = {}, external = {} }: CorpusFile,
  { request, rule, servedMethods, splitByMethod, debug }: CorpusCase,
): string[] {
  const folds = [
    ...(router.caseSensitive === false ? ['case'] : []),
    ...(router.ignoreTrailingSlash ? ['trailing-slash'] : []),
    ...(router.ignoreDuplicateSlashes ? ['duplicate-slashes'] : []),
    ...(router.useSemicolonDelimiter ? ['semicolon'] : []),
  ]
  return [
    ...Object.entries(request.headers).flatMap(([name, value]) =>
      [value].flat().map((each) => `--header=${name}: ${each}`),
    ),
    ...Object.entries(external).flatMap(([group, origins]) => origins.map((origin) => `--external=${group}=${origin}`)),
    ...folds.map((fold) => `--fold=${fold}`),
    ...(rule === undefined ? [] : rule === false ? ['--no-rule'] : [`--rule=${rule}`]),
    `--served=${(servedMethods ?? []).join(',')}`,
    ...(splitByMethod === true ? ['--split-by-method'] : []),
    ...(debug === true ? ['--debug'] : []),
    `--request=${request.method}`,
  ]
}

/** What no command line can say: a value that begins or ends with a blank, and lines of one name that `corsRequest` joins. */
function isSayable({ request, servedMethods = [] }: CorpusCase): boolean {
  const values = Object.values(request.headers).flat()
  return (
    values.every((value) => value === value.trim() && value !== '') &&
    servedMethods.every((name) => !/[,\s]/.test(name))
  )
}

table(
  'the corpus by the command line',
  readCorpus().map(
    (file): Row => [
      `${file.topic}: every decision is the corpus’s`,
      async () => {
        place.write(`${file.topic}.cors.json`, JSON.stringify(file.policy))
        let asked = 0
        for (const each of file.cases.filter(isSayable)) {
          const args = [
            'explain',
            '--format=json',
            ...argsOf(file, each),
            '--',
            `${file.topic}.cors.json`,
            each.request.url,
          ]
          const { code, out, err } = await place.run(args)
          assert.equal(code, 0, `${each.name}: ${err}`)
          assert.deepEqual(JSON.parse(out).explanations[0].decision, each.decision, each.name)
          asked++
        }
        assert.ok(asked > 0)
      },
    ],
  ),
  { after: () => place.close() },
)
