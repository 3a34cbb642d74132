/** Why a request target has no canonical path: in the words of who reads an explanation. */

import { longestPath } from '../web/path.js'

/** Precondition: `canonicalPath(target)` is undefined. */
export function pathFault(target: string): string {
  const absolute = /^https?:\/\/[^/?]*/i.exec(target)?.[0]
  if (!target.startsWith('/')) {
    if (absolute === undefined) return 'it neither begins with `/` nor is an http or https URL'
    if (target.includes('#')) return 'it has a fragment'
  }
  const path = /^[^?#]*/.exec(target.slice(absolute?.length ?? 0))?.[0] ?? ''
  if (path.length > longestPath) return 'it is too long'
  const broken = /%(?![0-9a-f]{2}).{0,2}/is.exec(path)?.[0]
  if (broken !== undefined) return `\`${broken}\` is no escape`
  let decoded: string
  try {
    decoded = decodeURI(path)
  } catch {
    return 'its escapes are not UTF-8'
  }
  if (decoded.includes('\0')) return 'it has a NUL'
  if (decoded.includes('\\')) return 'it has a backslash'
  const dots = decoded.split(/\/|%2f/i).find((segment) => /^\.\.?(?:;|$)/.test(segment))
  return dots === undefined ? 'it has no host and port as URLs have them' : `it has the segment \`${dots}\``
}
