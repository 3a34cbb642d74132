/**
 * A `never` query on the command line: `origin=http://** path=/admin/** method=DELETE header=x-a credentials`. A key that
 * stands several times is a list.
 */
import { checkPolicy } from '@safeconduct/core'
import type { Query } from '@safeconduct/core/analysis'
import { Usage } from './exit.js'

const lists = { origin: 'origins', path: 'paths', method: 'methods', header: 'requestHeaders' } as const

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** @throws Usage where the text is no query, or one that no invariant of a policy could be. */
export function parseQuery(text: string): Query {
  const query: Writable<Query> = {}
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (word === 'credentials' || word === 'credentials=true') query.credentials = true
    else if (word === 'credentials=false') query.credentials = false
    else {
      const at = word.indexOf('=')
      const key = word.slice(0, at)
      if (at === -1 || !Object.hasOwn(lists, key)) {
        throw new Usage(`${word} is no part of a query; use origin=, path=, method=, header= and credentials`)
      }
      const name = lists[key as keyof typeof lists]
      query[name] = [...(query[name] ?? []), word.slice(at + 1)]
    }
  }
  if (Object.keys(query).length === 0)
    throw new Usage('a query is not empty; use origin=, path=, method=, header= and credentials')
  const asInvariant = { version: 1, rules: [], invariants: [{ id: 'query', never: query }] }
  const fault = checkPolicy(asInvariant).find(({ severity, code }) => severity === 'error' && code !== 'unknown-group')
  if (fault !== undefined) throw new Usage(`${text}: ${fault.message}`)
  return query
}
