/** Paths and origins, and globs over them. */
import fc from 'fast-check'

const { array, constantFrom, oneof, tuple } = fc

const segment = constantFrom('a', 'b', 'ab', 'a', 'b', 'c', 'a.js', '')
const segmentGlob = oneof(
  { weight: 6, arbitrary: segment },
  { weight: 3, arbitrary: constantFrom('a*', '*b', '*.js', 'a*b', 'a*a') },
  { weight: 2, arbitrary: constantFrom('{a,b}', '{a,ab}', '{a,b}*', '*.{js,b}') },
  { weight: 3, arbitrary: constantFrom('*', '**') },
)

const joined = (segments: readonly string[]): string => `/${segments.join('/')}`

export const pathGlob: fc.Arbitrary<string> = oneof(
  { weight: 5, arbitrary: array(segmentGlob, { minLength: 1, maxLength: 3 }).map(joined) },
  { weight: 2, arbitrary: array(segment, { maxLength: 2 }).map((segments) => joined([...segments, '**'])) },
)

/** Canonical. */
export const path: fc.Arbitrary<string> = array(
  oneof({ weight: 9, arbitrary: segment }, { weight: 1, arbitrary: constantFrom('aa', 'aab', 'b.js', 'a%2Fb', 'x') }),
  { minLength: 1, maxLength: 4 },
).map(joined)

const label = constantFrom('a', 'b', 'ab', 'a', 'b', 'a-b')
const labelGlob = oneof(
  { weight: 4, arbitrary: label },
  { weight: 3, arbitrary: constantFrom('*', 'a*', '*b', 'a*b', '{a,b}', '{a,ab}*') },
)
const domain = constantFrom('example', 'example', 'example', 'b.example', 'localhost', 'exa_mple.example', 'example.')
const scheme = constantFrom('https', 'https', 'https', 'http', 'app')
const port = constantFrom('', '', '', ':3000', ':8443')

const oddOrigin = constantFrom(
  'https://127.0.0.1',
  'http://127.0.0.1:3000',
  'https://[::1]',
  'http://[::1]:8443',
  'https://10.0.0.1',
  'capacitor://localhost',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
)

const hostGlob = oneof(
  { weight: 4, arbitrary: tuple(array(labelGlob, { maxLength: 2 }), domain).map(([labels, end]) => [...labels, end]) },
  {
    weight: 2,
    arbitrary: tuple(array(labelGlob, { maxLength: 1 }), domain).map(([labels, end]) => ['**', ...labels, end]),
  },
)

/** All but `*`. */
export const originGlob: fc.Arbitrary<string> = oneof(
  {
    weight: 8,
    arbitrary: tuple(
      oneof({ weight: 4, arbitrary: scheme }, { weight: 1, arbitrary: fc.constant('{http,https}') }),
      hostGlob,
      oneof({ weight: 5, arbitrary: port }, { weight: 2, arbitrary: constantFrom(':*', ':{3000,3001}') }),
    ).map(([before, labels, after]) => `${before}://${labels.join('.')}${after}`),
  },
  { weight: 1, arbitrary: oddOrigin },
)

/** As a browser serializes it; `null` among them. */
export const origin: fc.Arbitrary<string> = oneof(
  {
    weight: 12,
    arbitrary: tuple(scheme, array(label, { maxLength: 3 }), domain, port).map(
      ([before, labels, end, after]) => `${before}://${[...labels, end].join('.')}${after}`,
    ),
  },
  { weight: 1, arbitrary: oddOrigin },
  { weight: 1, arbitrary: constantFrom('null', 'https://a..example', 'https://evil.test', "https://a'b.example") },
)
