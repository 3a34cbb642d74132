/** Queries that `safeconduct prove` knows by name. */
import type { Query } from '@safeconduct/core/analysis'

/** An origin that no policy names (RFC 2606, section 2), so that only `*` and globs over all hosts cover it. */
const stranger = ['https://stranger.invalid']

export interface BuiltIn {
  readonly never: Query
  readonly says: string
}

/** Built-in queries, by name. */
export const builtIn: ReadonlyMap<string, BuiltIn> = new Map([
  [
    'no-plain-http',
    { never: { origins: ['http://**:*'], credentials: true }, says: 'no origin by http is given credentials' },
  ],
  ['no-credentials', { never: { credentials: true }, says: 'nobody is given credentials' }],
  ['no-strangers', { never: { origins: stranger }, says: 'an origin that nobody named is allowed nothing' }],
  [
    'strangers-read-only',
    {
      never: { origins: stranger, methods: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      says: 'an origin that nobody named may not write',
    },
  ],
])
