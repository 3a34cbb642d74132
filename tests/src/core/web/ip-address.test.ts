/** IP addresses in any spelling that browsers take, as they serialize them (URL, "host parsing"). */
import assert from 'node:assert/strict'
import { serializedIpv4, serializedIpv6 } from '../../../../packages/core/dist/web/ip-address.js'
import { type Row, table } from '../../support/table.js'

function becomes(
  serialized: (text: string) => string | undefined,
  rows: readonly (readonly [text: string, address: string])[],
): Row[] {
  return rows.map(([text, address]) => [`${text} is ${address}`, () => assert.equal(serialized(text), address)])
}

function fails(serialized: (text: string) => string | undefined, texts: readonly string[]): Row[] {
  return texts.map((text) => [`${JSON.stringify(text)} is none`, () => assert.equal(serialized(text), undefined)])
}

table('IPv4', [
  // Four numbers, or fewer, of which the last fills what is left.
  ...becomes(serializedIpv4, [
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4.', '1.2.3.4'],
    ['255.255.255.255', '255.255.255.255'],
    ['0', '0.0.0.0'],
    ['1.2.3', '1.2.0.3'],
    ['1.2.65535', '1.2.255.255'],
    ['1.16777215', '1.255.255.255'],
    ['4294967295', '255.255.255.255'],
  ]),
  // Octal and hexadecimal.
  ...becomes(serializedIpv4, [
    ['0x7f.1', '127.0.0.1'],
    ['0x', '0.0.0.0'],
    ['0xff.0x.0.1', '255.0.0.1'],
    ['010.07.0.1', '8.7.0.1'],
    ['00', '0.0.0.0'],
    ['107.10.0.1', '107.10.0.1'],
  ]),
  // Beyond their bounds.
  ...fails(serializedIpv4, [
    '1.2.3.256',
    '256.0.0.1',
    '0.256.0.1',
    '1.2.65536',
    '1.16777216',
    '4294967296',
    '1.2.3.4.5',
    '1.2.3.4.0',
  ]),
  // Not numbers.
  ...fails(serializedIpv4, [
    '',
    '.',
    '1..2',
    '1.2.3.4..',
    'a',
    '1.a',
    'a.1',
    '1.2.3.08',
    '08.1.1.1',
    '018.1.1.1',
    '10x1.1',
    '0xg.1',
    '0x1g.1',
    '-1',
    '1e1',
  ]),
])

table('IPv6', [
  ...becomes(serializedIpv6, [
    ['::', '[::]'],
    ['::1', '[::1]'],
    ['1::', '[1::]'],
    ['1:2:3:4:5:6:7:8', '[1:2:3:4:5:6:7:8]'],
    ['2001:DB8::00aB', '[2001:db8::ab]'],
    // The first of the longest runs of zeros, and none of one.
    ['1:0:0:2:0:0:0:3', '[1:0:0:2::3]'],
    ['1:0:0:2:0:0:3:4', '[1::2:0:0:3:4]'],
    ['1:0:2:0:3:0:4:5', '[1:0:2:0:3:0:4:5]'],
    ['1:2:3:4:5:6:7:0', '[1:2:3:4:5:6:7:0]'],
    ['0:0:1:2:3:4:0:0', '[::1:2:3:4:0:0]'],
    ['1::2:3:4:5:6:7', '[1:0:2:3:4:5:6:7]'],
    // The last two pieces as an IPv4 address.
    ['::1.2.3.4', '[::102:304]'],
    ['::ffff:255.255.255.255', '[::ffff:ffff:ffff]'],
    ['1:2:3:4:5:6:1.2.3.4', '[1:2:3:4:5:6:102:304]'],
  ]),
  // Too many pieces, too few, two runs, or a run of none.
  ...fails(serializedIpv6, [
    '',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':::',
    '1:2:3:4::5:6:7:8',
    '1:2:3:4:5:6:7:8::',
  ]),
  // Pieces that are none.
  ...fails(serializedIpv6, ['::12345', '::g', ':1', '1:', '::1:', ':1::', '::-1', '::1%eth0', '[::1]', '::1 ']),
  // IPv4 addresses in another place, or that are none.
  ...fails(serializedIpv6, [
    '1.2.3.4::',
    '::1.2.3.4:1',
    '1.2.3.4',
    '::1.2.3',
    '::1.2.3.4.5',
    '::1.2.3.256',
    '::01.2.3.4',
    '::a1.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
  ]),
])
