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
  assumed: @partners is empty; --external says what it holds
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
    ['/api/%2e%2e/x', 'it has the segment `..`'],
    ['/api/./x?y', 'it has the segment `.`'],
    ['/api/%zz', '`%zz` is no escape'],
    ['/api/%', '`%` is no escape'],
    ['/api/%ff', 'its escapes are not UTF-8'],
    ['/api/%5Cx', 'it has a backslash'],
    ['/api/%00', 'it has a NUL'],
    ['https://user@api.example.com/x', 'it has no host and port as URLs have them'],
  ].map(
    ([target = '', why = '']): Row => [
      `${target} has no canonical path: ${why}`,
      async () => {
        const { code, out } = await place.run([
          ...asked.split(' '),
          'GET',
          target,
          '--origin',
          'https://shop.example.com',
        ])
        assert.equal(code, 0)
        assert.match(out, /^GET \(a malformed path\) from https:\/\/shop\.example\.com: refused \(path-malformed\)\n/)
        assert.equal(out.split('\n')[1], `  ✘ path            the request target has no canonical path: ${why}`)
      },
    ],
  ),
  [
    'an external group that is empty for want of --external is told where the refusal may be due to it',
    async () => {
      const assumed = /^ {2}assumed: @partners is empty; --external says what it holds$/m
      const told = async (words: string) => assumed.test((await place.run(`${asked} ${words}`)).out)
      assert.ok(await told('/api/orders --origin https://p.example'))
      assert.ok(!(await told('/api/orders --origin https://p.example --external partners=https://q.example')))
      assert.ok(!(await told('DELETE /api/orders --origin https://shop.example.com')))
      assert.ok(!(await told('/api/orders --origin https://shop.example.com')))
      assert.ok(!(await told('/api/orders --origin p.example')))
      assert.ok(!(await told('/elsewhere --origin https://p.example')))
    },
  ],
  [
    'a misspelt rule is told',
    async () => {
      const { code, out } = await place.run(`${asked} /api/orders --origin https://shop.example.com --rule ordrs`)
      assert.equal(code, 0)
      assert.match(out, /✘ rule {12}the policy has no rule ordrs; did you mean orders\?\n/)
    },
  ],
  ...[
    [`${asked} a b c`, 'explain takes a policy, a method and a path; or --paste'],
    [`${asked} / --preflight`, 'a preflight has an origin; give --origin'],
    [`${asked} / -H nonsense`, "`nonsense` is no header; write 'Name: value'"],
    [`${asked} / -H 'Origin https://x.example'`, '`Origin https://x.example` is no header: the name of one'],
    [
      `${asked} GET api/me`,
      '`api/me` is no request target: that begins with / or is an http or https URL; write /api/me',
    ],
    [
      `${asked} GET api.example.com/api/me`,
      '`api.example.com/api/me` is no request target: that begins with / or is an http or https URL; write https://api.example.com/api/me',
    ],
    [`${asked} GET ftp://api.example.com/`, '`ftp://api.example.com/` is no request target: that begins with'],
    [`${asked} GET`, '`GET` is no request target'],
    [`${asked} GET '*'`, '`*` is no request target'],
    [`${asked} 'GET /api/me'`, '`GET /api/me` is one word; write the method and the path as two'],
    [`${asked} /api/me GET`, 'the method comes before the path: GET /api/me'],
    [`${asked} 'G T' /api/me`, '`G T` is no method: that is a token (RFC 9110, section 5.6.2)'],
    [`${asked} GET /api/me -X PUT`, 'the method is given twice: `GET` and, by -X, `PUT`'],
    ...[
      ['--origin https://x.example', '--origin'],
      ['-X PUT', '-X'],
      ["-H 'x-a: b'", '-H'],
      ['--request-headers x-a', '--request-headers'],
      ['GET /', '`GET /`'],
      ['/ --origin https://x.example -X PUT', '--origin, -X, `/`'],
    ].map(([more, unused]) => [
      `${asked} --paste - ${more}`,
      `--paste does not go with ${unused}: the paste is the whole request`,
    ]),
    [`${asked} / --external partners`, 'partners is no member of a group; write GROUP=ORIGIN'],
    [
      `${asked} / --external web=https://a.example`,
      'group `web` is not external: the policy lists its origins; remove it',
    ],
  ].map(
    ([command = '', message = '']): Row => [
      `${command} is no use: ${message}`,
      async () => {
        const { code, err } = await place.run(command)
        assert.equal(code, 2)
        assert.ok(err.startsWith(`safeconduct: ${message}`), err)
        assert.ok(err.endsWith('\n(safeconduct help explain shows how)\n'), err)
      },
    ],
  ),
])

/** All headings, and the summary where there is one. */
function headings(command: string, expected: readonly string[], stdin = ''): Row {
  return [
    `${command}${stdin === '' ? '' : `, from ${stdin.split('\n')[0]}`} is told as ${expected.join(' + ')}`,
    async () => {
      const { code, out, err } = await place.run(command, { stdin: textStream(stdin) })
      assert.deepEqual([out.split('\n').filter((line) => /^\S/.test(line)), err, code], [expected, '', 0])
    },
  ]
}

const shop = 'https://shop.example.com'
const json = "-H 'Content-Type: application/json'"
const unsent = 'but browsers do not send it, since its preflight is refused'
const paste = `${asked} --paste -`
const orders = 'https://api.example.com/api/orders/1'

/** As a browser copies it: with all that it adds by itself. */
const copied = (words: string): string => `curl '${orders}' ${words} \\
  -H 'accept: application/json, text/plain, */*' -H 'accept-language: en,de;q=0.9' -H 'cookie: id=1' \\
  -H 'cache-control: no-cache' -H 'pragma: no-cache' -H 'priority: u=1, i' -H 'origin: ${shop}' \\
  -H 'referer: ${shop}/' -H 'sec-ch-ua: "Chromium";v="156"' -H 'sec-fetch-mode: cors' -H 'sec-fetch-site: same-site' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' -H 'connection: keep-alive' -H 'content-length: 2' -H 'host: x'`

table('a request that browsers announce', [
  headings(
    paste,
    [
      `preflight for POST /api/orders/1 from ${shop} with x-a: refused (request-headers-not-allowed)`,
      `POST /api/orders/1 from ${shop}: allowed, ${unsent}`,
      'refused (request-headers-not-allowed) at the preflight',
    ],
    `${copied(`-X POST ${json} -H 'X-A: 1'`).replace("'Content-Type: application/json'", "'content-type: text/plain'")}`,
  ),
  headings(
    paste,
    [
      `preflight for POST /api/orders/1 from ${shop} with content-type: allowed`,
      `POST /api/orders/1 from ${shop}: allowed`,
      'allowed',
    ],
    copied(`-X POST ${json}`),
  ),
  headings(
    paste,
    [
      `preflight for PUT /api/orders/1 from ${shop} with authorization,content-type,x-a: refused (method-not-allowed)`,
      `PUT /api/orders/1 from ${shop}: refused (method-not-allowed), ${unsent}`,
      'refused (method-not-allowed)',
    ],
    copied(`-X PUT ${json} -H 'X-A;' -H 'Authorization: Bearer x'`),
  ),
  headings(paste, [`GET /api/orders/1 from ${shop}: allowed`], copied('')),
  headings(
    paste,
    [`GET /api/orders/1 from ${shop}: allowed`],
    copied("-H 'x-a: 1'").replace('mode: cors', 'mode: navigate'),
  ),
  headings(
    paste,
    ['PUT /api/orders/1 from https://api.example.com: refused (origin-not-allowed)'],
    `curl -X PUT ${orders} -H 'origin: https://api.example.com'`,
  ),
  headings(
    paste,
    [
      `preflight for POST /api/orders/1 from ${shop} with content-type: allowed`,
      `POST /api/orders/1 from ${shop}: allowed`,
      'allowed',
    ],
    copied(`-X POST ${json} --compressed`).replace(`-H 'origin: ${shop}'`, ''),
  ),
  headings(
    paste,
    ['GET /api/orders/1 without Origin: no CORS request'],
    copied('--compressed').replace(`-H 'origin: ${shop}'`, ''),
  ),
  headings(
    paste,
    ['PUT /api/orders/1 without Origin: no CORS request'],
    `curl -X PUT ${orders} -H 'referer: https://api.example.com/'`,
  ),
  [
    'and has no Origin, since it was not sent, is taken for one of the page that Referer names',
    async () => {
      const { out } = await place.run(paste, {
        stdin: textStream(`curl -X PUT ${orders} -H 'Referer: https://shop.example.com/cart?x'`),
      })
      assert.match(
        out,
        /^ {2}assumed: the page is of https:\/\/shop\.example\.com, as Referer says; the paste has no Origin$/m,
      )
    },
  ],
  headings(
    paste,
    ['preflight for PUT /api/orders/1 from https://shop.example.com: refused (method-not-allowed)'],
    `curl -X OPTIONS ${orders} -H 'origin: ${shop}' -H 'access-control-request-method: PUT' -H 'x-a: 1'`,
  ),
  headings(
    paste,
    [
      `preflight for POST /api/orders/1 from ${shop} with content-type: allowed`,
      `POST /api/orders/1 from ${shop}: allowed`,
      'allowed',
    ],
    `curl --json '{}' ${orders} -H 'origin: ${shop}'`,
  ),
  [
    'names that may be the browser’s own are told',
    async () => {
      const { out } = await place.run(paste, { stdin: textStream(copied(`-X POST ${json}`)) })
      assert.match(
        out,
        /^ {2}taken for the browser's own, so the preflight does not ask for them: cache-control, pragma$/m,
      )
      const alone = await place.run(paste, { stdin: textStream(copied(json).replace(" -H 'pragma: no-cache'", '')) })
      assert.match(alone.out, /the preflight does not ask for it: cache-control$/m)
    },
  ],
  headings(
    `${paste} --preflight`,
    [`preflight for POST /api/orders/1 from ${shop} with content-type: allowed`],
    copied(`-X POST ${json}`),
  ),
  headings(`${paste} --preflight`, [`preflight for GET /api/orders/1 from ${shop}: allowed`], copied('')),
  headings(`${asked} -X POST ${json} -H 'Origin: ${shop}' -H 'x-a: 1' /api/orders/1`, [
    `preflight for POST /api/orders/1 from ${shop} with content-type,x-a: refused (request-headers-not-allowed)`,
    `POST /api/orders/1 from ${shop}: allowed, ${unsent}`,
    'refused (request-headers-not-allowed) at the preflight',
  ]),
  headings(`${asked} POST /api/orders/1 --origin ${shop} -H 'x-a: 1' --preflight`, [
    `preflight for POST /api/orders/1 from ${shop} with x-a: refused (request-headers-not-allowed)`,
  ]),
  headings(`${asked} PUT /api/orders/1 --origin ${shop}`, [
    `PUT /api/orders/1 from ${shop}: refused (method-not-allowed)`,
  ]),
  headings(`${asked} -X put -H 'Origin: ${shop}' /api/orders/1`, [
    `put /api/orders/1 from ${shop}: refused (method-not-allowed)`,
  ]),
  [
    'stands behind its preflight in a report, whose summary is the worse of both',
    async () => {
      const { out } = await place.run(`${paste} --format json`, {
        stdin: textStream(`curl ${orders} -H 'origin: ${shop}' -H 'x-a: 1'`),
      })
      const { summary, explanations } = JSON.parse(out)
      assert.deepEqual(
        [summary, explanations.map((each: { request: { method: string } }) => each.request.method)],
        ['refused (request-headers-not-allowed) at the preflight', ['OPTIONS', 'GET']],
      )
    },
  ],
  [
    'many times, or with a preflight that the browser recorded, is explained with one',
    async () => {
      const origin = { name: 'Origin', value: shop }
      const asking = (name: string, value: string) => ({ name: `Access-Control-Request-${name}`, value })
      const patch = { request: { method: 'PATCH', url: orders, headers: [origin] } }
      const recorded = { request: { method: 'OPTIONS', url: orders, headers: [origin, asking('Method', 'PATCH')] } }
      const lines = async (entries: unknown): Promise<string[]> => {
        const { out } = await place.run(paste, { stdin: textStream(JSON.stringify({ log: { entries } })) })
        return out.split('\n').filter((line) => /^\S/.test(line))
      }
      const before = `preflight for PATCH /api/orders/1 from ${shop}: refused (method-not-allowed)`
      const own = `PATCH /api/orders/1 from ${shop}: refused (method-not-allowed), ${unsent}`
      assert.deepEqual(await lines([patch, patch]), [before, own, own, '2 requests: 2 refused (method-not-allowed)'])
      assert.deepEqual(await lines([recorded, patch]), [before, own, '2 requests: 2 refused (method-not-allowed)'])
    },
  ],
])

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
      {
        request: {
          method: 'GET',
          url: 'wss://api.example.com/',
          headers: [{ name: 'Origin', value: 'https://x.example' }],
        },
      },
    ],
  },
})

table('a paste', [
  heading(paste, 'POST /api/orders/1 from https://shop.example.com: allowed', curl),
  heading(
    paste,
    'preflight for PUT /api/orders/1 from https://evil.example: refused (origin-not-allowed)',
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
  ...['"', "$'"].map((quote) =>
    heading(
      paste,
      'POST /api/orders from https://evil.example: refused (origin-not-allowed)',
      `curl https://api.example.com/api/orders -H 'Origin: https://evil.example' --data-raw ${quote}${'a'.repeat(10_000_000)}${quote.slice(-1)}`,
    ),
  ),
  heading(
    paste,
    'GET /api/orders from https://evil.example: refused (origin-not-allowed)',
    `curl https://api.example.com/api/orders -H 'Origin: https://evil.example' -A "no \\" end`,
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
    [
      'curl https://a.example/x https://b.example/y',
      'the paste has 2 URLs, https://a.example/x and https://b.example/y; paste one request, or a HAR file',
    ],
    ['curl ftp://a.example/x', 'ftp://a.example/x is no http or https URL'],
    ['curl -X "G T" https://a.example/', '`G T` is no method: that is a token (RFC 9110, section 5.6.2)'],
    [
      'curl https://a.example/ -H "Origin https://x.example"',
      "`Origin https://x.example` is no header: the name of one, which ends at the colon, is a token; write 'Name: value'",
    ],
    ['curl https://a.example/ -H Origin', "`Origin` is no header; write 'Name: value'"],
    ['{"log":', 'the paste is not JSON to its end'],
    ['{"log":{}}', 'the paste is no HAR file: it has no log.entries'],
    ['{"log":{"entries":[null]}}', 'the HAR file holds no request'],
  ].map(
    ([text = '', message = '']): Row => [
      `${text}: ${message}`,
      async () => {
        const { code, err } = await place.run(paste, { stdin: textStream(text) })
        assert.deepEqual([code, err], [2, `safeconduct: ${message}\n(safeconduct help explain shows how)\n`])
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

/**
 * What no command line can say: a value that begins or ends with a blank, lines of one name that `corsRequest` joins,
 * methods that are none, and targets in other forms than those of requests to an origin server (RFC 9112, section 3.2).
 */
function isSayable({ request, servedMethods = [] }: CorpusCase): boolean {
  const values = Object.values(request.headers).flat()
  return (
    /^(?:\/|https?:\/\/)/i.test(request.url) &&
    /^[\w!#$%&'*+.^`|~-]+$/.test(request.method) &&
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
          assert.deepEqual(JSON.parse(out).explanations.at(-1).decision, each.decision, each.name)
          asked++
        }
        assert.ok(asked > 0)
      },
    ],
  ),
  { after: () => place.close() },
)
