/** Faults of origin globs that read like something else, and what is offered instead. */
import assert from 'node:assert/strict'
import { checkPolicy } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

function said(origin: string): { code: string; message: string; fix?: string }[] {
  return checkPolicy({ version: 1, rules: [{ id: 'rule', paths: ['/'], allow: [{ origins: [origin] }] }] })
}

/** They would match hosts such as `192.168.0.com`, and no address. */
const overAddresses = [
  'https://192.168.0.*',
  'https://192.168.*.*',
  'https://192.168.0.1*',
  'https://10.*.',
  'https://*.0.0.1',
  'https://**.1',
  'https://**.10.*',
  'https://{1,2}.*',
  'http://0x7f.*:8080',
  'https://[::*]',
]

/** A number may stand beside a name. */
const overNames = ['https://1*.example.com', 'https://*.1.example.com', 'https://10.*.example.com']

const spelledOut: readonly (readonly [written: string, fix: string])[] = [
  ['https://shop.example.com:443', 'https://shop.example.com'],
  ['https://Shop.Example.com:443', 'https://shop.example.com'],
  ['https://*.Example.com:443', 'https://*.example.com'],
]

table('a wildcard over an IP address', [
  ...overAddresses.map(
    (origin): Row => [
      `${origin} is refused`,
      () => assert.match(said(origin)[0]?.message ?? '', /has a wildcard in an IP address/),
    ],
  ),
  ...overNames.map((origin): Row => [`${origin} is none`, () => assert.deepEqual(said(origin), [])]),
])

table('a default port', [
  ...spelledOut.map(
    ([written, fix]): Row => [
      `${written}: what is offered instead is flawless`,
      () => {
        assert.equal(said(written)[0]?.fix, fix)
        assert.deepEqual(said(fix), [])
      },
    ],
  ),
])
