/** Text that no well-meaning client sends. */
import fc from 'fast-check'

const { array, constantFrom, oneof, tuple } = fc

const separators = [',', ' ', '\t', ':', '.', '/', ';', '?', '#', '@', '\\', '\0', '\r\n', '%', '=', '|']
const brackets = ['[', ']', '{', '}', '(', ')', '<', '>', '"', "'", '`', '*', '**', '+', '$', '^', '~', '-', '_', '!']
const escapes = ['%2e', '%2F', '%00', '%zz', '%ff', '%C3%A9', '..', '.']
const wide = ['é', '😀', '\ud800', '\u2028', '\uffff', '\u0130']
const names = [
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'GET',
  'OPTIONS',
  'TRACE',
  'x-a',
  'authorization',
]
const origins = [
  'https://',
  'http://',
  '://',
  'a',
  'A',
  'example',
  'xn--',
  '0',
  '65536',
  '127.0.0.1',
  '[::1]',
  ':443',
  ':3000',
]

const piece = constantFrom(...separators, ...brackets, ...escapes, ...wide, ...names, ...origins)

/** Pieces in any order; sometimes one of them very often, at the edges of what is bounded. */
export const hostile: fc.Arbitrary<string> = oneof(
  { weight: 6, arbitrary: array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')) },
  { weight: 2, arbitrary: array(fc.nat(0xffff), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)) },
  {
    weight: 1,
    arbitrary: tuple(piece, constantFrom(63, 64, 65, 127, 128, 129, 254, 255, 330, 331, 8192, 8193, 65_536)).map(
      ([text, n]) => text.repeat(n),
    ),
  },
)
