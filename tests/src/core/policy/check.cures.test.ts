/** What the check offers instead of what is wrong: the sentence, and the fix where there is one. */
import assert from 'node:assert/strict'
import { checkPolicy } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

/** A policy of one rule with one grant. */
const withGrant = (grant: object, more: object = {}): object => ({
  version: 1,
  ...more,
  rules: [{ id: 'a', paths: ['/a'], allow: [grant] }],
})
const shop = 'https://shop.example.com'

type Offer = readonly [document: object, message: string, fix?: string | undefined]

const withRule = (rule: object): object => ({ version: 1, rules: [rule] })

function offers(rows: readonly Offer[]): Row[] {
  return rows.map(([document, message, fix], i) => [
    `${i + 1}: ${message}`,
    () => {
      const found = checkPolicy(document).map((d) => [d.message, d.fix])
      assert.deepEqual(found, [[message, fix]])
    },
  ])
}

const groups = { origins: { web: [shop], localhost: ['http://localhost:3000'], tenants: { external: true } } }
const isGroup = (name: string): string =>
  `\`${name}\` is a group, whose name begins with \`@\` where origins are listed; write \`@${name}\``

table('a group without its @', [
  ...offers([
    [withGrant({ origins: ['web'] }, groups), isGroup('web'), '@web'],
    [withGrant({ origins: ['localhost'] }, groups), isGroup('localhost'), '@localhost'],
    [withGrant({ origins: ['tenants'] }, groups), isGroup('tenants'), '@tenants'],
    [
      { version: 1, ...groups, rules: [], invariants: [{ id: 'a', never: { origins: ['web'] } }] },
      isGroup('web'),
      '@web',
    ],
    // A word that is no group may be anything.
    [
      withGrant({ origins: ['constructor'] }, groups),
      '`constructor` has no scheme (character 1, `c`); begin with `https://`',
    ],
    [
      withGrant({ origins: ['localhost:3000'] }),
      '`localhost:3000` has no scheme (character 1, `l`); write `http://localhost:3000`',
      'http://localhost:3000',
    ],
  ]),
])

const isText = (digits: string, fix: string): string =>
  `\`"${digits}"\` is text, and seconds are a number; write \`${fix}\``
const noForm = (written: string, fix?: string): string =>
  `\`${written}\` is neither whole seconds nor a form such as \`"10m"\`; write ${fix === undefined ? longest : `\`${fix}\``}`
const outside = (written: string): string => `\`${written}\` is not from 0 to one day; write ${longest}`
const longest = 'seconds up to 86400, or `"10m"`, `"2h"`, `"1d"`'

function ages(rows: readonly (readonly [maxAge: unknown, message: string, fix?: string])[]): Row[] {
  return offers(rows.map(([maxAge, message, fix]): Offer => [withGrant({ origins: [shop], maxAge }), message, fix]))
}

table('a max-age of another form', [
  ...ages([
    ['600', isText('600', '600'), '600'],
    ['0', isText('0', '0'), '0'],
    ['0600', noForm('"0600"', '600'), '600'],
    ['10s', noForm('"10s"', '10'), '10'],
    ['30 seconds', noForm('"30 seconds"', '30'), '30'],
    ['1H', noForm('"1H"', '1h'), '1h'],
    ['10 minutes', noForm('"10 minutes"', '10m'), '10m'],
    [' 1 Day ', noForm('" 1 Day "', '1d'), '1d'],
    ['7 days', noForm('"7 days"')],
    ['1.5h', noForm('"1.5h"')],
    ['1w', noForm('"1w"')],
    ['', noForm('""')],
    ['-1', noForm('"-1"')],
    [1.5, noForm('1.5')],
    ['100000', outside('100000')],
    ['25h', outside('25h')],
    [-1, outside('-1')],
    [86_401, outside('86401')],
    [1e300, outside('1e+300')],
  ]),
])

const unknown = (key: string, near: string): string => `unknown key \`${key}\`; did you mean \`${near}\`?`
const moved = (key: string, where: string): string => `unknown key \`${key}\`; move ${where}`

table('a key that is probably another one', [
  ...offers([
    // Two letters that have changed places are one slip.
    [withRule({ id: 'a', pahts: ['/a'], allow: [] }), unknown('pahts', 'paths')],
    [withRule({ di: 'a', paths: ['/a'], allow: [] }), unknown('di', 'id')],
    [
      withGrant({ origins: ['@wbe'] }, { origins: { web: [shop] } }),
      'group `wbe` is not defined under `origins`; did you mean `web`?',
    ],
    // What has to be there and is not is meant, even by two slips in four letters.
    [withRule({ id: 'a', paht: ['/a'], allow: [] }), unknown('paht', 'paths')],
    [withRule({ i: 'a', paths: ['/a'], allow: [] }), unknown('i', 'id')],
    [withRule({ id: 'a', paths: ['/a'], allow: [], i: 'a' }), 'unknown key `i`; remove it'],
    // Another document, or one in another.
    [{ version: 1, rules: [], cases: [] }, moved('cases', 'it to a suite, which is a file of its own')],
    [{ policy: { version: 1, rules: [] } }, moved('policy', 'what is in it to the policy itself')],
    [{ version: 1, cors: { rules: [] } }, moved('cors', 'what is in it to the policy itself')],
  ]),
])

const allowing = (allow: unknown): object => withRule({ id: 'a', paths: ['/a'], allow })

table('grants that are no objects', [
  ...offers([
    [allowing('nobody'), '`allow` must be a list, not the text `"nobody"`; write `[]`'],
    [allowing('None'), '`allow` must be a list, not the text `"None"`; write `[]`'],
    [allowing(null), '`allow` must be a list, not `null`; write `[]`'],
    [allowing(false), '`allow` must be a list, not `false`; write `[]`'],
    [allowing('*'), '`allow` must be a list, not the text `"*"`; write `[{ "origins": ["*"] }]`'],
    [
      allowing([shop]),
      `item 1 of \`allow\` must be an object, not the text \`"${shop}"\`; write \`{ "origins": ["${shop}"] }\``,
    ],
    [allowing({ origins: [shop] }), '`allow` must be a list, not an object'],
    [allowing(7), '`allow` must be a list, not the number `7`'],
  ]),
])

const lines = (written: string, ...items: string[]): Offer => [
  withGrant({ origins: written }),
  `\`origins\` must be a list, not the text \`"${written}"\`; write \`${JSON.stringify(items)}\``,
]

table('a list that is a text', [
  ...offers([
    lines(shop, shop),
    // YAML without a blank behind its dashes.
    lines(`-${shop}`, shop),
    lines(`-${shop} -https://a-b.example -@web`, shop, 'https://a-b.example', '@web'),
    lines(`-${shop} - @web`, shop, '@web'),
    // An item of a list that is indented deeper than the one before it.
    [
      withGrant({ origins: [`${shop} - https://a.example`] }),
      `\`${shop} - https://a.example\` is several origins in one string (character 25, \` \`); make each an entry of its own`,
    ],
  ]),
])

const several = (written: string, what: string): string =>
  `\`${written}\` is several ${what} in one string; make each an entry of its own`

table('a list within a text', [
  ...offers([
    [withGrant({ origins: [shop], methods: ['GET, POST'] }), several('GET, POST', 'methods')],
    [withGrant({ origins: [shop], methods: ['GET POST'] }), several('GET POST', 'methods')],
    [
      withGrant({ origins: [shop], requestHeaders: ['content-type, authorization'] }),
      several('content-type, authorization', 'names'),
    ],
    [withGrant({ origins: [shop], exposedHeaders: ['etag,link'] }), several('etag,link', 'names')],
    [
      withGrant({ origins: [shop], requestHeaders: ['content-type: text/html'] }),
      '`content-type: text/html` is not a header name (RFC 9110, section 5.1); correct it',
    ],
    [withGrant({ origins: [shop], methods: [','] }), '`,` is not a method (RFC 9110, section 9.1); correct it'],
    [
      withGrant({ origins: [shop], methods: 'GET, POST' }),
      '`methods` must be a list of methods, or `served`, not the text `"GET, POST"`; write `["GET","POST"]`',
    ],
    [
      withGrant({ origins: [shop], requestHeaders: 'content-type,etag' }),
      '`requestHeaders` must be a list, not the text `"content-type,etag"`; write `["content-type","etag"]`',
    ],
    lines('https://a.{b,c}.example', 'https://a.{b,c}.example'),
  ]),
])
