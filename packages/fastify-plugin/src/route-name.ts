/** Routes as they are named in sentences. */
import { quote } from '@safeconduct/core'
import type { Route, RouteDescription } from './routes.js'

export function routeName({ methods, url }: Pick<RouteDescription, 'methods' | 'url'>): string {
  return quote(`${methods.join(',')} ${url}`)
}

/** More names than this are counted only. */
const mostNames = 20

/** With the methods of one pattern together: Fastify declares HEAD apart from GET. */
export function routeNames(routes: readonly Route[]): string {
  const methods = new Map<string, Set<string>>()
  for (const route of routes) {
    for (const pattern of route.patterns) {
      const known = methods.get(pattern) ?? new Set()
      for (const method of route.methods) known.add(method)
      methods.set(pattern, known)
    }
  }
  return few([...methods].map(([url, names]) => routeName({ methods: [...names], url })))
}

export function few(names: readonly string[]): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return `${names.slice(0, mostNames).join(', ')}${more}`
}
