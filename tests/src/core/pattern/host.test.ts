/** Hosts as an author writes them: what browsers serialize as it stands, and what is meant where they do not. */
import assert from 'node:assert/strict'
import {
  type HostFault,
  hostFault,
  isLoopbackHost,
  serializedHost,
  unicodeHost,
} from '../../../../packages/core/dist/pattern/host.js'
import { type Row, table } from '../../support/table.js'

const shown = (text: string): string => (text.length > 50 ? `${text.slice(0, 50)}… (${text.length})` : text)

function accepts(hosts: readonly string[]): Row[] {
  return hosts.map((host) => [`${shown(host)} stands as it is`, () => assert.equal(hostFault(host), undefined)])
}

function rejects(rows: readonly (readonly [host: string, fault: HostFault, at: number, fix?: string])[]): Row[] {
  return rows.map(([host, fault, at, fix]) => [
    `${shown(host)}: ${fault} at ${at}${fix === undefined ? '' : `, meant is ${shown(fix)}`}`,
    () => assert.deepEqual(hostFault(host), fix === undefined ? { fault, at } : { fault, at, fix }),
  ])
}

const label63 = 'a'.repeat(63)
/** 253 characters. */
const longest = `${`${label63}.`.repeat(3)}${'b'.repeat(61)}`

table('a literal host', [
  ...accepts(['a', 'a.example', 'exa_mple.example', 'a-b.example', 'localhost', 'a.example.', '1.example', 'a.1b']),
  // A-labels: of letters, of signs, of joiners in their places, of two marks behind a letter.
  ...accepts(['xn--bcher-kva.example', 'a.xn--4ca', 'xn--ls8h', 'xn--zca', 'xn--mgba3gch31f060k', 'xn--j2bd4cyac6f']),
  ...accepts(['127.0.0.1', '[::1]', '[2001:db8::1]']),
  // The longest: labels of 63, hosts of 253, a trailing dot aside.
  ...accepts([`${label63}.example`, longest, `${longest}.`]),
  ...rejects([
    ['', 'host-empty', 0],
    [`${longest}b`, 'host-too-long', 253],
    [`${longest}b.`, 'host-too-long', 253],
    [`.${longest}`, 'host-too-long', 253],
    [`a.${label63}b.c`, 'label-too-long', 2],
    ['.', 'label-empty', 0],
    ['.a', 'label-empty', 0],
    ['a..b', 'label-empty', 2],
    ['a..', 'label-empty', 2],
    ['ab.c..d', 'label-empty', 5],
  ]),
  // What is no A-label: ASCII within, a capital, a full-width letter, a mark in front, a character that nothing shows, no punycode.
  ...rejects([
    ['xn--a-.example', 'a-label-invalid', 0],
    ['a.xn--abc-', 'a-label-invalid', 2],
    ['xn--', 'a-label-invalid', 0],
    ['xn--7ba', 'a-label-invalid', 0],
    ['xn--mi7c', 'a-label-invalid', 0],
    ['xn--a-wbb', 'a-label-invalid', 0],
    ['xn--a-xbb', 'a-label-invalid', 0],
    ['xn--ab-5da', 'a-label-invalid', 0],
    ['xn--ab-g1t', 'a-label-invalid', 0],
    ['xn--x-din', 'a-label-invalid', 0],
    ['xn--zzzzzzzz', 'a-label-invalid', 0],
  ]),
  // Other spellings.
  ...rejects([
    ['A.example', 'host-not-serialized', 0, 'a.example'],
    ['a.Example', 'host-not-serialized', 2, 'a.example'],
    ['bücher.example', 'host-not-serialized', 1, 'xn--bcher-kva.example'],
    ['a\u3002example', 'host-not-serialized', 1, 'a.example'],
    ['a b', 'host-character', 1],
    ['a,b', 'host-character', 1],
    ['a.b]', 'host-character', 3],
  ]),
  ...rejects([
    ['127.1', 'ip-not-canonical', 0, '127.0.0.1'],
    ['0x7f.0.0.1', 'ip-not-canonical', 0, '127.0.0.1'],
    ['1.2.3.256', 'ip-invalid', 0],
    ['[::01]', 'ip-not-canonical', 0, '[::1]'],
    ['[::1', 'ip-invalid', 0],
    ['[x]', 'ip-invalid', 0],
  ]),
])

table('what a browser would make of a host', [
  [
    'is told where it is another spelling',
    () =>
      assert.deepEqual(['A', 'Bücher', 'a\uff0eb', 'a\uff61b', 'ＡＢ', 'ΣΑΣ', 'ﬀ', '0X1'].map(serializedHost), [
        'a',
        'xn--bcher-kva',
        'a.b',
        'a.b',
        'ab',
        'xn--mxa9ab',
        'ff',
        '0.0.0.1',
      ]),
  ],
  [
    'is not where it stands as it is, or is none',
    () =>
      assert.deepEqual(['a', 'a.example.', '', 'a b', 'xn--zzzzzzzz.Ä', '\u0301', '1.2.3.256'].map(serializedHost), [
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]),
  ],
])

table('a host for people', [
  [
    'has its A-labels in Unicode, and stays where there are none',
    () =>
      assert.deepEqual(['xn--bcher-kva.example', 'a.example', 'xn--zzzzzzzz'].map(unicodeHost), [
        'bücher.example',
        'a.example',
        'xn--zzzzzzzz',
      ]),
  ],
])

table('loopback', [
  [
    'is localhost, all below it, 127.0.0.0/8 and [::1]',
    () => {
      const yes = ['localhost', 'localhost.', 'a.localhost', 'a.b.localhost.', '127.0.0.1', '127.255.0.3', '[::1]']
      const no = [
        'localhosts',
        'alocalhost',
        'localhost.a',
        '127.a',
        '127.0.0.a',
        '128.0.0.1',
        '1.127.0.0',
        '[::2]',
        '',
        '.',
        'localhost..',
      ]
      assert.deepEqual([...yes, ...no].filter(isLoopbackHost), yes)
    },
  ],
])
