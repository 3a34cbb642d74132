/** What a test asks, in one line. */
import { escapeText } from '../quote.js'
import type { FetchDocument, RequestDocument } from './document.js'

export function askedByCell(method: string, path: string, origin: string): string {
  return escapeText(`${method} ${path} from ${origin}`)
}

export function askedByRequest(request: RequestDocument): string {
  const { method, path, url = '', origin, requestMethod, requestHeaders, rule } = request
  const names = typeof requestHeaders === 'object' ? requestHeaders.join(',') : requestHeaders
  const isPreflight = requestMethod !== undefined && (method ?? 'OPTIONS') === 'OPTIONS'
  const words = [
    isPreflight ? `preflight for ${requestMethod}` : (method ?? 'GET'),
    path ?? url,
    origin === undefined ? 'without Origin' : `from ${origin}`,
    ...(names === undefined ? [] : [`with ${names}`]),
    ...routeWords(rule),
  ]
  return escapeText(words.join(' '))
}

export function askedByFetch({
  from,
  path,
  url = '',
  method = 'GET',
  headers = {},
  credentials,
  rule,
}: FetchDocument): string {
  const names = Object.keys(headers)
  const words = [
    `fetch ${method} ${path ?? url} from ${from}`,
    ...(names.length === 0 ? [] : [`with ${names.join(',')}`]),
    ...(credentials === undefined ? [] : [`credentials ${credentials}`]),
    ...routeWords(rule),
  ]
  return escapeText(words.join(' '))
}

function routeWords(rule: string | false | undefined): string[] {
  if (rule === undefined) return []
  return [rule === false ? 'on a closed route' : `on a route of rule ${rule}`]
}
