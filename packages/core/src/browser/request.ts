/** Fetch, "Requests", and what the Fetch API makes of a script's arguments before anything is sent. */
import type { Deviations } from './deviations.js'
import { append, contains, type HeaderList, isHeaderValue, isToken, normalizeValue } from './header-list.js'
import { isForbiddenMethod, normalizeMethod } from './method.js'
import { isForbiddenRequestHeader } from './safelist.js'
import { originOf, parseUrl, serializeUrl, type Url } from './url.js'
import type { Thrown } from './why.js'

export type CredentialsMode = 'omit' | 'same-origin' | 'include'

/** The arguments of `fetch()`, as a script gives them. Mode "cors", which is the default there, is the only one modelled. */
export interface FetchRequest {
  /** Absolute. */
  readonly url: string
  /** Default "GET". */
  readonly method?: string
  readonly headers?: HeaderList
  /** Default "same-origin". */
  readonly credentials?: CredentialsMode
  readonly mode?: 'cors'
  /** The use-CORS-preflight flag, which XMLHttpRequest sets for upload listeners and `fetch()` for a stream body. */
  readonly useCorsPreflight?: boolean
  readonly body?: string | { readonly stream: string }
}

/** "request": what changes while it is fetched is not readonly. */
export interface Request {
  /** Serialized; "null" is an opaque origin. */
  readonly origin: string
  readonly credentialsMode: CredentialsMode
  readonly useCorsPreflight: boolean
  readonly urlList: Url[]
  method: string
  headerList: HeaderList
  body: { readonly text: string; readonly isStream: boolean } | null
  responseTainting: 'basic' | 'cors'
  redirectCount: number
  /** An earlier hop needed a preflight, for browsers to which that matters; it is no part of the standard's request. */
  neededPreflight: boolean
}

/** "new Request(input, init)", then the steps of "fetch" that come before "main fetch". */
export function newRequest(origin: string, init: FetchRequest, deviations: Deviations): Request | Thrown {
  const url = parseUrl(init.url)
  if (url === undefined) return 'url-invalid'
  if (includesCredentials(url)) return 'url-with-credentials'

  const method = init.method ?? 'GET'
  if (!isToken(method)) return 'method-invalid'
  if (isForbiddenMethod(method)) return 'method-forbidden'
  const normalized = normalizeMethod(method)

  let headerList: HeaderList = []
  for (const [name, potentialValue] of init.headers ?? []) {
    // Headers, "append" with the guard "request"
    const value = normalizeValue(potentialValue)
    if (!isToken(name) || !isHeaderValue(value)) return 'header-invalid'
    if (!isForbiddenRequestHeader([name, value], deviations)) headerList = append(headerList, name, value)
  }

  const body = bodyOf(init)
  if (body && (normalized === 'GET' || normalized === 'HEAD')) return 'body-not-allowed'
  if (body && !body.isStream && !contains(headerList, 'Content-Type')) {
    headerList = append(headerList, 'Content-Type', 'text/plain;charset=UTF-8')
  }

  // "fetch". Accept-Language, which "should" be appended here, browsers leave out of what a script's request is judged by.
  if (!contains(headerList, 'Accept')) headerList = append(headerList, 'Accept', '*/*')

  return {
    origin,
    credentialsMode: init.credentials ?? 'same-origin',
    useCorsPreflight: init.useCorsPreflight === true || body?.isStream === true,
    urlList: [url],
    method: normalized,
    headerList,
    body,
    responseTainting: 'basic',
    redirectCount: 0,
    neededPreflight: false,
  }
}

function bodyOf({ body }: FetchRequest): Request['body'] {
  if (body === undefined) return null
  return typeof body === 'string' ? { text: body, isStream: false } : { text: body.stream, isStream: true }
}

/** "current URL". */
export function currentUrl(request: Request): Url {
  const url = request.urlList.at(-1)
  if (!url) throw new Error('a URL list is never empty')
  return url
}

/** The byte-serialized origin and the whole URL, its query and its fragment: what the CORS-preflight cache goes by. */
export function originAndUrl(request: Request): string {
  return `${serializedOrigin(request)} ${serializeUrl(currentUrl(request))}`
}

/** "includes credentials" (URL standard): a user name or a password. */
export function includesCredentials(url: Url): boolean {
  return url.username !== '' || url.password !== ''
}

/** "same origin", of an origin in its serialization and a URL's. An opaque origin is the same as no other. */
export function isSameOrigin(origin: string, url: Url): boolean {
  return origin !== 'null' && origin === originOf(url)
}

/**
 * "byte-serializing a request origin": "null" once the URL list shows a hop from an origin that is neither the next
 * one's nor the request's own ("redirect-taint"; "same-site" and "cross-site" differ for cookies only).
 */
export function serializedOrigin(request: Request): string {
  const hops = request.urlList.slice(1).map((url, i) => [request.urlList[i] ?? url, url] as const)
  const tainted = hops.some(([last, url]) => !isSameOrigin(originOf(url), last) && !isSameOrigin(request.origin, last))
  return tainted ? 'null' : request.origin
}
