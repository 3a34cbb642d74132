/** The other fields of a grant: methods, header names, credentials, max-age, waivers; each with its defaults. */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import {
  isCorsRequestHeader,
  isCorsResponseHeader,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isHeaderName,
} from '../web/header-name.js'
import { isForbiddenMethod, isMethod, registeredSpelling } from '../web/method.js'
import type { WaiverDocument } from './document.js'
import { lowerCased, type PolicyGrant } from './policy.js'
import { field, fieldsOf, listOf, textsOf } from './read.js'

export const defaultMethods: readonly string[] = ['GET', 'HEAD', 'POST']
/** Seconds. Honoured in full by every browser engine (WebKit's cap). */
export const defaultMaxAge = 600
const longestMaxAge = 86_400

/** Everything that a grant says but its origins. */
export type GrantFields = Omit<PolicyGrant, 'origins'>

/** Reads a grant's fields; whatever is wrong with them is added to `found`. */
export function readGrantFields(grant: unknown, at: string, found: Diagnostic[]): GrantFields {
  const credentials = field(grant, 'credentials') === true
  return {
    methods: readMethods(field(grant, 'methods'), `${at}/methods`, found),
    requestHeaders: readRequestHeaders(field(grant, 'requestHeaders'), `${at}/requestHeaders`, found),
    exposedHeaders: readExposedHeaders(field(grant, 'exposedHeaders'), `${at}/exposedHeaders`, credentials, found),
    credentials,
    maxAge: readMaxAge(field(grant, 'maxAge'), `${at}/maxAge`, found),
    accept: listOf(field(grant, 'accept')).flatMap((waiver) => readWaiver(waiver) ?? []),
  }
}

export function readMethods(methods: unknown, at: string, found: Diagnostic[]): readonly string[] | 'served' {
  if (methods === 'served') return 'served'
  if (!Array.isArray(methods)) return defaultMethods
  const listed = [...textsOf(methods)]
  const byUpperCase = new Map<string, string>()
  for (const [, method] of listed) if (method === method.toUpperCase()) byUpperCase.set(method, method)
  for (const [i, method] of listed) {
    const here = `${at}/${i}`
    const meant = registeredSpelling(method) ?? twin(method, byUpperCase)
    if (method === '*' ? listed.length > 1 : !isMethod(method))
      found.push(diagnose('invalid-method', here, [method, isSeveral(method)]))
    else if (isForbiddenMethod(method)) found.push(diagnose('forbidden-method', here, [method]))
    else if (meant !== undefined) {
      const witness = { method: 'OPTIONS', requestMethod: meant }
      found.push(diagnose('method-case', here, [method, meant], { fix: meant, witness }))
    }
  }
  const names = new Set(listed.map(([, method]) => method))
  return [...names].flatMap((method) => (method === 'GET' && !names.has('HEAD') ? ['GET', 'HEAD'] : [method]))
}

/** Tokens of one list, as a header has them: `GET, POST`. A method and a header name are a token alike. */
function isSeveral(text: string): boolean {
  const words = text.length > 1000 ? [] : text.split(/[,\s]/).filter((word) => word !== '')
  return words.length > 1 && words.every(isHeaderName)
}

/** A listed method that differs only by case. */
function twin(method: string, byUpperCase: ReadonlyMap<string, string>): string | undefined {
  const upper = byUpperCase.get(method.toUpperCase())
  return upper === method ? undefined : upper
}

export function readRequestHeaders(names: unknown, at: string, found: Diagnostic[]): readonly string[] {
  const listed = [...textsOf(names)]
  for (const [i, name] of listed) {
    const here = `${at}/${i}`
    const lower = name.toLowerCase()
    if (!isHeaderName(name)) found.push(diagnose('invalid-header-name', here, [name, isSeveral(name)]))
    else if (isCorsResponseHeader(lower)) found.push(diagnose('forbidden-request-header', here, [name, true]))
    else if (isForbiddenRequestHeader(lower)) found.push(diagnose('forbidden-request-header', here, [name, false]))
  }
  return lowerCased(listed.map(([, name]) => name))
}

function readExposedHeaders(names: unknown, at: string, credentials: boolean, found: Diagnostic[]): readonly string[] {
  const listed = [...textsOf(names)]
  for (const [i, name] of listed) {
    const here = `${at}/${i}`
    const lower = name.toLowerCase()
    if (name === '*' ? listed.length > 1 : !isHeaderName(name))
      found.push(diagnose('invalid-header-name', here, [name, isSeveral(name)]))
    else if (name === '*' && credentials) found.push(diagnose('expose-wildcard-with-credentials', here, []))
    else if (isForbiddenResponseHeader(lower)) found.push(diagnose('forbidden-response-header', here, [name, false]))
    else if (isCorsResponseHeader(lower) || isCorsRequestHeader(lower)) {
      found.push(diagnose('forbidden-response-header', here, [name, true]))
    }
  }
  return lowerCased(listed.map(([, name]) => name))
}

const secondsIn: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 }

function readMaxAge(maxAge: unknown, at: string, found: Diagnostic[]): number {
  if (maxAge === undefined || (typeof maxAge !== 'number' && typeof maxAge !== 'string')) return defaultMaxAge
  const seconds = typeof maxAge === 'number' ? maxAge : secondsOf(maxAge)
  if (isMaxAge(seconds)) return seconds
  const fault = Number.isInteger(seconds) || Number(maxAge) > longestMaxAge ? 'range' : 'form'
  const fix = typeof maxAge === 'string' ? meantMaxAge(maxAge) : undefined
  found.push(diagnose('max-age-range', at, [maxAge, fault, fix], { fix }))
  return defaultMaxAge
}

function isMaxAge(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= longestMaxAge
}

/** Seconds in quotes, and units written otherwise: `"600"` → `600`, `"10s"` → `10`, `"2 Hours"` → `2h`. */
function meantMaxAge(text: string): string | undefined {
  if (text.length > 20) return undefined
  const [, digits, unit] =
    /^ *([0-9]{1,6}) *(|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?) *$/i.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const isSeconds = /^s?$/i.test(unit.charAt(0))
  const written = isSeconds ? String(Number(digits)) : digits + unit.charAt(0).toLowerCase()
  return isMaxAge(isSeconds ? Number(digits) : secondsOf(written)) ? written : undefined
}

/** `"10m"`, `"2h"`, `"1d"`; NaN for anything else. */
function secondsOf(text: string): number {
  const [, count, unit] = /^([0-9]{1,6})([mhd])$/.exec(text) ?? []
  return Number(count) * (secondsIn[unit ?? ''] ?? Number.NaN)
}

function readWaiver(waiver: unknown): WaiverDocument | undefined {
  const { code, because, until } = fieldsOf(waiver)
  if (typeof code !== 'string' || typeof because !== 'string') return undefined
  return { code, because, ...(typeof until === 'string' ? { until } : {}) }
}
