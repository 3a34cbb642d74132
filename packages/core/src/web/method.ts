/** Methods as the Fetch standard sees them ("Methods"). */
import { isToken } from './token.js'

/** A request may announce no longer method: the longest registered one (RFC 3253, RFC 4437) has 17 characters. */
export const maxMethodLength = 64

/** CORS-safelisted: a browser sends them without asking `Access-Control-Allow-Methods`. */
export function isSafelistedMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST'
}

/** Forbidden, in any case: `fetch` and `XMLHttpRequest` throw, so no browser ever announces one. */
export function isForbiddenMethod(method: string): boolean {
  const upper = method.toUpperCase()
  return upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK'
}

/** A method that a request can carry: a token of sane length. */
export function isMethod(text: string): boolean {
  return text.length <= maxMethodLength && isToken(text)
}

/**
 * The upper-case spelling of a method that is registered (HTTP Method Registry) or that Node's parser knows, where the
 * text is that method in another case. Methods are case-sensitive, and only six of them are normalized (Fetch,
 * "normalize a method"): `patch` reaches a server as `patch`.
 */
export function registeredSpelling(method: string): string | undefined {
  const upper = method.toUpperCase()
  return upper !== method && registered.has(upper) ? upper : undefined
}

const registered: ReadonlySet<string> = new Set(
  (
    'ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT COPY DELETE GET HEAD LABEL LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR ' +
    'MKCOL MKREDIRECTREF MKWORKSPACE MOVE NOTIFY OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PURGE PUT QUERY ' +
    'REBIND REPORT SEARCH SOURCE SUBSCRIBE UNBIND UNCHECKOUT UNLINK UNLOCK UNSUBSCRIBE UPDATE UPDATEREDIRECTREF ' +
    'VERSION-CONTROL'
  ).split(' '),
)
