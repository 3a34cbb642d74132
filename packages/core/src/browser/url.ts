/**
 * URL standard, "URL parsing" and "URL serializing", for http and https; `URL` is the browser's and Node's, and core has
 * neither. Of a URL of any other scheme only the scheme is told, since no fetch gets past that.
 */
import { percentEncoded } from './percent-encoding.js'
import { parseHost } from './url-host.js'

export interface Url {
  /** Lower case, without the colon. */
  readonly scheme: string
  readonly username: string
  readonly password: string
  /** Serialized. */
  readonly host: string
  /** Decimal digits; empty for the scheme's default. */
  readonly port: string
  /** From the first `/`, encoded. */
  readonly path: string
  /** Without the `?`; null where there is none. */
  readonly query: string | null
  /** Without the `#`. */
  readonly fragment: string | null
}

/**
 * Undefined is failure. A relative reference needs a base.
 *
 * @throws TypeError on a host outside ASCII: domain to ASCII needs tables that are not here.
 */
export function parseUrl(text: string, base?: Url): Url | undefined {
  const input = text.replace(/^[\0- ]+|[\0- ]+$/g, '').replace(/[\t\n\r]/g, '')
  const scheme = /^[A-Za-z][0-9A-Za-z+.-]*(?=:)/.exec(input)?.[0].toLowerCase()
  if (scheme === undefined) return base && relative(input, base)
  const rest = input.slice(scheme.length + 1)
  if (scheme !== 'http' && scheme !== 'https') return otherScheme(scheme)
  // "special relative or authority state": `https:x` is relative to an https base
  if (base?.scheme === scheme && !rest.startsWith('//')) return relative(rest, base)
  return absolute(scheme, rest)
}

function otherScheme(scheme: string): Url {
  return { scheme, username: '', password: '', host: '', port: '', path: '', query: null, fragment: null }
}

/** From the authority, after slashes of either kind and any number ("special authority ignore slashes state"). */
function absolute(scheme: string, text: string): Url | undefined {
  const { before, query, fragment } = parted(text.replace(/^[/\\]+/, ''))
  const [authority = ''] = before.split(/[/\\]/, 1)
  const at = authority.lastIndexOf('@')
  const place = hostAndPort(authority.slice(at + 1), scheme)
  if (place === undefined) return undefined
  const [username = '', ...password] = at === -1 ? [] : authority.slice(0, at).split(':')
  return {
    scheme,
    username: percentEncoded(username, 'userinfo'),
    password: percentEncoded(password.join(':'), 'userinfo'),
    ...place,
    path: pathOf([], before.slice(authority.length)),
    query,
    fragment,
  }
}

/** "relative state". */
function relative(text: string, base: Url): Url | undefined {
  if (/^[/\\]{2}/.test(text)) return absolute(base.scheme, text)
  const { before, query, fragment } = parted(text)
  if (before === '') return { ...base, query: text.startsWith('?') ? query : base.query, fragment }
  const above = /^[/\\]/.test(before) ? [] : base.path.slice(1).split('/').slice(0, -1)
  return { ...base, path: pathOf(above, before), query, fragment }
}

/** Text up to the query or fragment, and both of them encoded. */
function parted(text: string): Pick<Url, 'query' | 'fragment'> & { readonly before: string } {
  const [, before = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text) ?? []
  return {
    before,
    query: query === undefined ? null : percentEncoded(query, 'special-query'),
    fragment: fragment === undefined ? null : percentEncoded(fragment, 'fragment'),
  }
}

function hostAndPort(text: string, scheme: string): Pick<Url, 'host' | 'port'> | undefined {
  const [, written = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/s.exec(text) ?? []
  const host = written === '' ? undefined : parseHost(written)
  const number = Number(port)
  if (host === undefined || number > 65_535) return undefined
  return { host, port: port === '' || number === defaultPorts[scheme] ? '' : String(number) }
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }

/** "path state": dot segments are taken out, backslashes are slashes. */
function pathOf(above: readonly string[], text: string): string {
  const segments = [...above]
  const parts = text.replace(/^[/\\]/, '').split(/[/\\]/)
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1
    const plain = part.replace(/%2e/gi, '.')
    if (plain === '..') segments.pop()
    if (plain === '..' || plain === '.') {
      if (isLast) segments.push('')
    } else segments.push(percentEncoded(part, 'path'))
  }
  return `/${segments.join('/')}`
}

/** "URL serializer". */
export function serializeUrl(
  url: Url,
  { excludeFragment = false }: { readonly excludeFragment?: boolean } = {},
): string {
  const { username, password, fragment } = url
  const credentials = username === '' && password === '' ? '' : `${username}${password === '' ? '' : `:${password}`}@`
  const ending = fragment === null || excludeFragment ? '' : `#${fragment}`
  return `${url.scheme}://${credentials}${authorityOf(url)}${requestTarget(url)}${ending}`
}

/** The origin, serialized (HTML, "serialization of an origin"); "null" for other schemes. */
export function originOf(url: Url): string {
  return isHttp(url) ? `${url.scheme}://${authorityOf(url)}` : 'null'
}

/** Path and query: RFC 9112, "origin-form". */
export function requestTarget({ path, query }: Url): string {
  return query === null ? path : `${path}?${query}`
}

export function isHttp({ scheme }: Url): boolean {
  return scheme === 'http' || scheme === 'https'
}

function authorityOf({ host, port }: Url): string {
  return port === '' ? host : `${host}:${port}`
}
