/** What the router itself makes of a request target, and what another party might read into that. */
import type { RouterOptions } from '@safeconduct/core'
import FindMyWay from 'find-my-way'

/** What it hands to a route that takes everything: decoded wholly, so no longer to be told from "a/b". */
export function routersPath(url: string, options: RouterOptions): string | undefined {
  const router = FindMyWay({ ...options })
  router.on('GET', '/*', () => undefined)
  const found = router.find('GET', url)
  return found === null ? undefined : `/${found.params['*']}`
}

/** What another party might read into a path that the router accepts. */
export function isAmbiguous(path: string): boolean {
  return (
    path.includes('\0') || path.includes('\\') || path.split('/').some((segment) => segment === '.' || segment === '..')
  )
}

export function decodedWholly(path: string): string {
  return path.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

export function foldedAsRouted(path: string, options: RouterOptions): string {
  return options.caseSensitive === false ? path.toLowerCase() : path
}
