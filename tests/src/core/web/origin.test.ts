import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  defaultPort,
  isIpHost,
  isNumberLabel,
  isPort,
  locateOrigin,
  maxOriginLength,
  originHash,
  parseOrigin,
} from '../../../../packages/core/dist/web/origin.js'
import { hostile, origin } from '../../support/generate.js'
import { holds, least } from '../../support/holds.js'
import { tupleOf } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

const text = (value: string): string =>
  JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…${value.length}` : value)

function accepts(
  group: string,
  rows: readonly (readonly [origin: string, scheme: string, host: string, port?: string])[],
): Row[] {
  return rows.map(([value, scheme, host, port = '']) => [
    `${group}: ${text(value)}`,
    () => assert.deepEqual(parseOrigin(value), { scheme, host, port }),
  ])
}

function rejects(group: string, values: readonly string[]): Row[] {
  return values.map((value) => [`${group}: ${text(value)}`, () => assert.equal(parseOrigin(value), undefined)])
}

table('one serialized origin', [
  ...accepts('as in the standard', [
    ['https://shop.example.com', 'https', 'shop.example.com'],
    ['http://localhost', 'http', 'localhost'],
    ['http://localhost:3000', 'http', 'localhost', '3000'],
    ['https://a-b.example:8443', 'https', 'a-b.example', '8443'],
    ['https://xn--bcher-kva.example', 'https', 'xn--bcher-kva.example'],
    ['https://127.0.0.1', 'https', '127.0.0.1'],
    ['https://[::1]:8080', 'https', '[::1]', '8080'],
    ['https://[2001:db8::1]', 'https', '[2001:db8::1]'],
    ['https://[::9a:f0]', 'https', '[::9a:f0]'],
    ['https://[::]', 'https', '[::]'],
  ]),
  ...accepts('the default port of another scheme', [
    ['http://a.example:443', 'http', 'a.example', '443'],
    ['https://a.example:80', 'https', 'a.example', '80'],
  ]),
  ...accepts('the edges of ports', [
    ['https://a.example:0', 'https', 'a.example', '0'],
    ['https://a.example:1', 'https', 'a.example', '1'],
    ['https://a.example:9090', 'https', 'a.example', '9090'],
    ['https://a.example:65535', 'https', 'a.example', '65535'],
  ]),
  ...accepts('schemes of apps and extensions', [
    ['capacitor://localhost', 'capacitor', 'localhost'],
    ['ionic://localhost', 'ionic', 'localhost'],
    ['tauri://localhost', 'tauri', 'localhost'],
    ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'chrome-extension', 'abcdefghijklmnopabcdefghijklmnop'],
    ['moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc', 'moz-extension', '2c127fa4-62c7-7e4f-90e5-472b45eecfdc'],
    ['vscode-webview://1abc', 'vscode-webview', '1abc'],
    ['web+app.v1-x://a', 'web+app.v1-x', 'a'],
    ['app://a:443', 'app', 'a', '443'],
    ['z://a', 'z', 'a'],
  ]),
  ...accepts('schemes that are one letter away from https', [
    ['xttps://a.example', 'xttps', 'a.example'],
    ['hxtps://a.example', 'hxtps', 'a.example'],
    ['htxps://a.example', 'htxps', 'a.example'],
    ['httxs://a.example', 'httxs', 'a.example'],
    ['httpx://a.example', 'httpx', 'a.example'],
  ]),
  ...accepts('what browsers load beyond the grammar', [
    ['https://exa_mple.example', 'https', 'exa_mple.example'],
    ['https://-lead.example', 'https', '-lead.example'],
    ['https://a..example', 'https', 'a..example'],
    ['https://app.example.', 'https', 'app.example.'],
    ['https://.example', 'https', '.example'],
    ...[...'!"$&\'()+,;=`{}~_*'].map((c) => [`https://a${c}b.example`, 'https', `a${c}b.example`] as const),
  ]),
  ...accepts('the longest', [
    [`https://${'a'.repeat(254)}:65535`, 'https', 'a'.repeat(254), '65535'],
    [`${'s'.repeat(64)}://${'a'.repeat(254)}:65535`, 's'.repeat(64), 'a'.repeat(254), '65535'],
  ]),
])

table('no serialized origin', [
  ...rejects('null, which is no tuple', ['null', 'Null', 'NULL', 'null ', 'nul']),
  ...rejects('empty, or nearly', ['', ' ', ':', '//', '://', 'a', 'a:', 'a:/', 'a://', '*', '**', '?', '%', '.', '[]']),
  ...rejects('several', [
    'https://a.example https://b.example',
    'https://a.example, https://b.example',
    'https://a.example,https://b.example',
    'https://a.example;https://b.example',
    'https://a.examplehttps://b.example',
  ]),
  ...rejects('upper case', [
    'HTTPS://a.example',
    'Https://a.example',
    'https://A.example',
    'https://a.Example',
    'https://[::A]',
  ]),
  ...rejects('more than an origin', [
    'https://a.example/',
    'https://a.example/x',
    'https://a.example?x',
    'https://a.example#x',
    'https://u@a.example',
    'https://u:p@a.example',
    'https://a.example:8443/',
  ]),
  ...rejects('less than an origin', [
    'a.example',
    '//a.example',
    'https:a.example',
    'https:/a.example',
    'https//a.example',
    'httpsx//a.example',
    'https;//a.example',
    'https:x/a.example',
    'https:/xa.example',
    'https://',
    'https://:8443',
    'https://:',
    'file:///home/x',
    'file://',
    'data:text/html,x',
    'blob:https://a.example/x',
    'about:blank',
    'javascript:1',
  ]),
  ...rejects('a scheme that is none', [
    '1http://a.example',
    '+a://a.example',
    '-a://a.example',
    '.a://a.example',
    'ht_tp://a.example',
    'ht tp://a.example',
    '://a.example',
    'é://a.example',
  ]),
  ...rejects('the default port', [
    'http://a.example:80',
    'https://a.example:443',
    'ws://a.example:80',
    'wss://a.example:443',
    'ftp://a.example:21',
    'https://[::1]:443',
  ]),
  ...rejects('a port that is none', [
    ...[
      '',
      '00',
      '01',
      '08443',
      '65536',
      '99999',
      '100000',
      '-1',
      '+1',
      ' 1',
      '1 ',
      '0x1',
      '8a',
      'a',
      '*',
      '8443:',
      '8443:1',
      '１',
    ].map((port) => `https://a.example:${port}`),
  ]),
  ...rejects('a character that ends a host', [
    ...[...' \t\n\r\f\v\0\x01\x1f\x7f/\\?#@%<>^|[]'].map((c) => `https://a${c}b.example`),
    ...['\u0080', '\u00a0', 'é', '\u3002', '\uff0e', '\u2028', '😀', '\ud800', '\u200b', '\ufeff', '\u0430'].map(
      (c) => `https://a${c}b.example`,
    ),
  ]),
  ...rejects('blanks around', [
    ' https://a.example',
    'https://a.example ',
    '\thttps://a.example',
    'https://a.example\n',
    '\ufeffhttps://a.example',
  ]),
  ...rejects('brackets', [
    'https://[',
    'https://[]',
    'https://[:',
    'https://[:]',
    'https://[::1',
    'https://::1]',
    'https://::1',
    'https://[::1]]',
    'https://[::1].a.example',
    'https://a[::1]',
    'https://[::1]a',
    'https://[::1]a80',
    'https://[fe80::1%25eth0]',
    'https://[::ffff:1.2.3.4]',
    'https://[v1.a]',
    'https://[::g]',
    'https://[a.example]',
  ]),
  ...rejects('too long', [
    `https://${'a'.repeat(255)}`,
    `${'s'.repeat(65)}://a`,
    `https://${'a.'.repeat(200)}`,
    `https://[${'1:'.repeat(200)}]`,
    `https://a.example:${'1'.repeat(400)}`,
    'a'.repeat(maxOriginLength + 1),
  ]),
])

/** What a URL of a page may hold in its host: printable ASCII, some letters beyond it. */
const host = fc
  .array(
    fc.constantFrom(
      ...'abcxyzABC019---___...!"$&\'()*+,;=`{}~',
      'é',
      'ß',
      '中',
      'xn--',
      '%41',
      '\u3002',
      '0x7f',
      '127',
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''))

const pageUrl = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.oneof(
      host,
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.domain(),
    ),
    fc.option(fc.nat(65_535), { nil: '' }),
  )
  .map(([scheme, name, port]) => `${scheme}://${name}${port === '' ? '' : `:${port}`}/path`)

table('origins at random', [
  [
    'the origin of every page that a URL parser takes is one, part by part',
    () => {
      let pages = 0
      holds(20_000, pageUrl, (url) => {
        if (!URL.canParse(url)) return
        const { origin: serialized, protocol, hostname, port } = new URL(url)
        if (hostname.length > 254) return
        pages++
        assert.deepEqual(parseOrigin(serialized), { scheme: protocol.slice(0, -1), host: hostname, port })
      })
      assert.ok(pages > least(15_000), `${pages} pages`)
    },
  ],
  [
    'what is put together from a parsed origin is what was parsed',
    () =>
      holds(10_000, fc.oneof(origin, hostile), (value) => {
        const parsed = parseOrigin(value)
        if (parsed === undefined) return
        assert.equal(`${parsed.scheme}://${parsed.host}${parsed.port === '' ? '' : `:${parsed.port}`}`, value)
      }),
  ],
  [
    'is an origin if and only if the plain grammar says so',
    () => {
      const spoilt = fc
        .tuple(origin, fc.nat(30), hostile)
        .map(([value, at, piece]) => value.slice(0, at) + piece + value.slice(at))
      holds(20_000, fc.oneof(origin, hostile, spoilt), (value) => assert.deepEqual(parseOrigin(value), tupleOf(value)))
    },
  ],
])

table('ports and addresses', [
  [
    'ports',
    () =>
      assert.deepEqual(
        ['0', '1', '80', '65535'].filter((port) => !isPort(port)),
        [],
      ),
  ],
  ['no ports', () => assert.deepEqual(['', '00', '01', '65536', '123456', 'a', '1a', ' 1', '-1'].filter(isPort), [])],
  [
    'default ports',
    () =>
      assert.deepEqual(['http', 'https', 'ws', 'wss', 'ftp', 'app', 'file', '__proto__'].map(defaultPort), [
        '80',
        '443',
        '80',
        '443',
        '21',
        undefined,
        undefined,
        undefined,
      ]),
  ],
  [
    'hosts that are addresses to a URL parser',
    () =>
      assert.deepEqual(
        ['1.2.3.4', '127.1', 'a.1', '1', '0x7f', 'a.0x', '1.2.3.4.', 'a.256', '[::1]'].filter(
          (each) => !isIpHost(each),
        ),
        [],
      ),
  ],
  [
    'hosts that are none',
    () =>
      assert.deepEqual(
        ['a', '1.a', '1.2.3.4a', '0xg', 'a.1x', 'x0', '1.2.3.4..', 'localhost', 'a.-1'].filter((host) =>
          isIpHost(host),
        ),
        [],
      ),
  ],
  [
    'numbers',
    () =>
      assert.deepEqual(
        ['0', '255', '0x', '0xff', '0xa', '0x9f0', '007'].filter((each) => !isNumberLabel(each)),
        [],
      ),
  ],
  [
    'the number of an origin is its own, and not negative where nothing but a domain is behind https://',
    () => {
      const plain = [
        'https://a.example',
        'https://b.example',
        'https://a.exbmple',
        'https://a',
        `https://${'a'.repeat(254)}`,
      ]
      const other = [
        'https://[::1]',
        'https://a.example:1',
        'https://é',
        'https://\u0080',
        'https://á.example',
        'https://A',
      ]
      const numbers = [...plain, ...other].map(originHash)
      assert.deepEqual(
        numbers.map((n) => n >= 0),
        [...plain.map(() => true), ...other.map(() => false)],
      )
      assert.equal(new Set(numbers).size, numbers.length)
      assert.equal(originHash('https://a.example'), originHash(['https://a', 'example'].join('.')))
    },
  ],
  ['no numbers', () => assert.deepEqual(['', 'a', '0xg', '1a', '-1', 'x'].filter(isNumberLabel), [])],
  [
    'no page of a name that is an address by this test has another host than an address',
    () =>
      holds(5000, pageUrl, (url) => {
        if (!URL.canParse(url)) return
        const { hostname } = new URL(url)
        assert.equal(isIpHost(hostname), hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname), hostname)
      }),
  ],
])

const domain = fc.stringMatching(/^[a-z0-9._'~-]{1,30}$/)

table('the number of an origin', [
  [
    'is that of its text alone',
    () =>
      holds(2000, fc.oneof(origin, hostile), (value) => {
        const other = Buffer.from(value, 'utf16le').toString('utf16le')
        assert.equal(originHash(other), originHash(value))
      }),
  ],
  [
    'is negative if a character behind the eighth stands in no domain, and else not',
    () => {
      holds(2000, domain, (host) => assert.ok(originHash(`https://${host}`) >= 0))
      const odd = fc.constantFrom(...':/[]%@?#\\^|<>A Z\t\0\u0080\u00e9\u0161\u212a'.split(''))
      holds(2000, fc.tuple(domain, odd, domain), ([a, c, b]) => {
        assert.ok(originHash(`https://${a}${c}${b}`) < 0, c)
        assert.ok(originHash(`https://${c}`) < 0, c)
      })
      assert.ok(originHash('') >= 0)
    },
  ],
  [
    'differs: of ten thousand numbered tenants hardly two share one, nor their last bits, nor their first',
    () => {
      const numbers = Array.from({ length: 10_000 }, (_, i) => originHash(`https://tenant-${i}.example.com`))
      assert.ok(new Set(numbers).size > 9_990)
      assert.ok(new Set(numbers.map((n) => n & 0xffff)).size > 9_000)
      assert.ok(new Set(numbers.map((n) => (n >>> 16) & 0x3f)).size === 64)
    },
  ],
])

table('an origin where it stands', [
  [
    'has the parts that are cut out otherwise',
    () =>
      holds(5000, fc.oneof(origin, hostile), (value) => {
        if (value.length > maxOriginLength) return
        const located = locateOrigin(value, originHash(value))
        const tuple = tupleOf(value)
        assert.equal(located === undefined, tuple === undefined)
        if (located === undefined) return
        const { text, scheme, hostStart, hostEnd, port } = located
        assert.equal(text, value)
        assert.deepEqual({ scheme, host: text.slice(hostStart, hostEnd), port }, tuple)
      }),
  ],
  [
    'an IP address is told from what stands around it',
    () => {
      const rows = [
        ['https://127.0.0.1', true],
        ['https://a.127', true],
        ['https://1.a', false],
        ['https://[::1]', true],
      ] as const
      for (const [value, expected] of rows) assert.equal(isIpHost(`${value}:8080`, 8, value.length), expected, value)
    },
  ],
])
