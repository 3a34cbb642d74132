/** A request in the words and options of the command line. */
import { Usage } from './exit.js'
import { addHeaderLine, isToken, type PastedHeaders, type PastedRequest } from './pasted-request.js'

export interface Description {
  /** `Name: value`, as curl has it. */
  readonly header?: readonly string[]
  /** The method, as curl has it. */
  readonly request?: string
  readonly origin?: string
}

/** `words`: a target, or a method and a target. @throws Usage where they make no request. */
export function describedRequest(words: readonly string[], { header, request, origin }: Description): PastedRequest {
  const [first, second] = words
  if (first === undefined || words.length > 2)
    throw new Usage('explain takes a policy, a method and a path; or --paste')
  const [method, url] = second === undefined ? [request ?? 'GET', first] : [first, second]
  if (request !== undefined && request !== method)
    throw new Usage(`the method is given twice: \`${method}\` and, by -X, \`${request}\``)
  if (!isTarget(url) && !(url === '*' && method === 'OPTIONS'))
    throw new Usage(noTarget(method, url, second === undefined))
  if (!isToken(method)) throw new Usage(`\`${method}\` is no method: that is a token (RFC 9110, section 5.6.2)`)
  const headers: PastedHeaders = {}
  for (const line of header ?? []) addHeaderLine(headers, line)
  return { method, url, headers: origin === undefined ? headers : { ...headers, origin } }
}

/** Origin-form, or absolute-form (RFC 9112, section 3.2). */
function isTarget(text: string): boolean {
  return text.startsWith('/') || /^https?:\/\//i.test(text)
}

/** Why it is none, and what was meant. */
function noTarget(method: string, url: string, isAlone: boolean): string {
  const words = url.trim().split(/\s+/)
  if (isAlone && words.length === 2) return `\`${url}\` is one word; write the method and the path as two`
  if (isTarget(method)) return `the method comes before the path: ${url} ${method}`
  const isHost = /^[^/]*[.:]|^localhost\b/.test(url)
  const meant = url.includes('/') && !url.includes('://') ? `; write ${isHost ? 'https://' : '/'}${url}` : ''
  return `\`${url}\` is no request target: that begins with / or is an http or https URL${meant}`
}
