/**
 * Routes that were declared before the plugin could see them. Fastify prints its routes and shows them in no other way:
 *
 *     └── /
 *         ├── a
 *         │   ├── dmin (GET, HEAD)
 *         │   │   └── /
 *         │   │       └── :id (DELETE) {"version":"1.0.0"}
 *         │   │           :id (DELETE) {"host":"h"}
 *         │   └── ssets/
 *         │       └── * (GET, HEAD)
 *
 * The print is not for reading, so it is only believed where it adds up: `unseenRoutes` is asked when the table has fewer
 * entries than the print, and afterwards they must have the same number (`enforcement.ts`).
 */
import type { RouteDescription, RouteTable } from './routes.js'

/** One line of the print: a method list, a pattern as far as the print shows it, constraints. */
export interface PrintedRoute {
  readonly methods: readonly string[]
  readonly url: string
  readonly constraints: Readonly<Record<string, unknown>>
}

const line = /^((?:│ {3}| {4})*)([├└]── )?(.*?)(?: \(([A-Z-]+(?:, [A-Z-]+)*)\)(?: (\{.*\}))?)?$/

export function printedRoutes(print: string): readonly PrintedRoute[] {
  const prefixes: string[] = []
  return print.split('\n').flatMap((text) => {
    const [, indent = '', branch, part = '', methods, constraints] = line.exec(text) ?? []
    // A second route of the same pattern has no branch of its own, and stands where the first one's children would.
    const depth = indent.length / 4 - (branch === undefined ? 1 : 0)
    const url = (prefixes[depth - 1] ?? '') + (part === '(empty root node)' ? '' : part)
    prefixes[depth] = url
    return methods === undefined ? [] : [{ methods: methods.split(', '), url, constraints: parsed(constraints) }]
  })
}

export function countEntries(routes: readonly PrintedRoute[]): number {
  return routes.reduce((sum, { methods }) => sum + methods.length, 0)
}

/** The printed routes that are not in the table, as routes on which nobody is allowed. */
export function unseenRoutes(routes: readonly PrintedRoute[], table: RouteTable): readonly RouteDescription[] {
  return routes.flatMap(({ methods, url, constraints }) => {
    const unseen = methods.filter((method) => !table.knows(method, url, constraints))
    return unseen.length === 0 ? [] : [{ methods: unseen, url, constraints, cors: undefined, isUnseen: true }]
  })
}

function parsed(constraints: string | undefined): Record<string, unknown> {
  try {
    return constraints === undefined ? {} : JSON.parse(constraints)
  } catch {
    return {}
  }
}
