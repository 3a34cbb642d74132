/**
 * What a router makes of paths, said plainly: each step a replacement on the whole text. It shares nothing with the engine
 * but the options' names. A glob is folded as a path is.
 */
import type { PolicyDocument } from '@safeconduct/core'
import type { Scene } from './scene.js'

type Router = Scene['router']

/** RFC 3986, section 3.2, as far as a router takes it: no user, no escapes. */
const authority = /^https?:\/\/(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=-]+)(?::\d{0,5})?(?=[/?]|$)/i

/** `undefined`: no path that everybody reads alike. */
export function plainPath(target: string, router: Router): string | undefined {
  const isAbsolute = !target.startsWith('/')
  if (isAbsolute && (!authority.test(target) || target.includes('#'))) return undefined
  const origin = isAbsolute ? target.replace(authority, '').replace(/^(?!\/)/, '/') : target
  const path = decoded(origin.replace(router.useSemicolonDelimiter ? /[?#;].*$/s : /[?#].*$/s, ''))
  if (path === undefined || /[\0\\]|(^|\/|%2F)\.\.?($|\/|%2F)/.test(path)) return undefined
  return folded(path, router)
}

/** As `decodeURI` does it, which keeps some characters escaped; and `%25` too is kept, or there would be a second decoding. */
function decoded(path: string): string | undefined {
  try {
    return upperHex(decodeURI(path.replaceAll('%25', '%2525')))
  } catch {
    return undefined
  }
}

function upperHex(path: string): string {
  return path.replace(/%[0-9a-f]{2}/g, (escape) => escape.toUpperCase())
}

function folded(path: string, router: Router): string {
  let text = path
  if (router.ignoreDuplicateSlashes) text = text.replace(/\/{2,}/g, '/')
  if (router.ignoreTrailingSlash && text !== '/') text = text.replace(/\/$/, '')
  return router.caseSensitive ? text : upperHex(text.toLowerCase())
}

/** The policy as such a router's paths meet it. */
export function foldedDocument(document: PolicyDocument, router: Router): PolicyDocument {
  const fold = (glob: string): string => folded(router.useSemicolonDelimiter ? glob.replace(/;.*$/, '') : glob, router)
  return { ...document, rules: document.rules.map((rule) => ({ ...rule, paths: rule.paths.map(fold) })) }
}
