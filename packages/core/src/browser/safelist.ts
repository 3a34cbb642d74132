/** Fetch, "Headers": which headers of a request make a browser ask first, and which a script cannot set at all. */
import { isForbiddenRequestHeader as isForbiddenRequestHeaderName } from '../web/header-name.js'
import type { Deviations } from './deviations.js'
import { combined, type Header, type HeaderList, sortedLowercaseSet, split } from './header-list.js'
import { isForbiddenMethod } from './method.js'

/** "CORS-unsafe request-header names". */
export function unsafeRequestHeaderNames(headers: HeaderList, deviations: Deviations): string[] {
  const unsafeNames: string[] = []
  const potentiallyUnsafeNames: string[] = []
  let safelistValueSize = 0
  for (const [name, value] of deviations.combinesBeforeSafelist ? combined(headers) : headers) {
    if (isSafelistedRequestHeader([name, value], deviations)) {
      potentiallyUnsafeNames.push(name)
      safelistValueSize += value.length
    } else {
      unsafeNames.push(name)
    }
  }
  if (safelistValueSize > 1024 && !deviations.safelistSumUnbounded) unsafeNames.push(...potentiallyUnsafeNames)
  return deviations.repeatsHeaderNames
    ? unsafeNames.map((name) => name.toLowerCase()).sort()
    : sortedLowercaseSet(unsafeNames)
}

/** "CORS-safelisted request-header". */
function isSafelistedRequestHeader([name, value]: Header, deviations: Deviations): boolean {
  if (value.length > 128) return false
  switch (name.toLowerCase()) {
    case 'accept':
      return !hasUnsafeByte(value, deviations)
    case 'accept-language':
    case 'content-language':
      return /^[0-9A-Za-z *,\-.;=]*$/.test(value)
    case 'content-type': {
      if (hasUnsafeByte(value, deviations)) return false
      const essence = mimeTypeEssence(value)
      return essence !== undefined && safelistedEssences.includes(essence)
    }
    case 'range':
      return isSafelistedRange(value)
    default:
      return deviations.clientHintsSafelisted && isClientHint(name.toLowerCase(), value)
  }
}

const safelistedEssences = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/** "CORS-unsafe request-header byte". */
function hasUnsafeByte(value: string, { nonAsciiBytesUnsafe }: Deviations): boolean {
  if (nonAsciiBytesUnsafe && /[\x80-\xff]/.test(value)) return true
  return /[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/.test(value)
}

/**
 * MIME Sniffing, "parse a MIME type": the essence, undefined for failure. Nothing after the first `;` can make the
 * parsing fail or change the essence, so the parameters are not looked at.
 */
function mimeTypeEssence(value: string): string | undefined {
  const input = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  const slash = input.indexOf('/')
  if (slash < 0) return undefined
  const type = input.slice(0, slash)
  const [untrimmed = ''] = input.slice(slash + 1).split(';', 1)
  const subtype = untrimmed.replace(/[\t\n\r ]+$/, '')
  const httpTokenCodePoints = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
  if (!httpTokenCodePoints.test(type) || !httpTokenCodePoints.test(subtype)) return undefined
  return `${type}/${subtype}`.toLowerCase()
}

/** "parse a single range header value" with no whitespace allowed, and its start is not null. */
function isSafelistedRange(value: string): boolean {
  const match = /^bytes=([0-9]+)-([0-9]*)$/.exec(value)
  if (!match) return false
  const [, start = '', end = ''] = match
  return end === '' || BigInt(start) <= BigInt(end)
}

/** The client hints that Chromium still takes for safelisted, where it would have sent such a value itself. */
function isClientHint(name: string, value: string): boolean {
  switch (name) {
    case 'device-memory':
    case 'downlink':
    case 'dpr':
      return /^[0-9]+(\.[0-9]+)?$/.test(value)
    case 'rtt':
    case 'viewport-width':
    case 'width':
      return /^[0-9]+$/.test(value)
    case 'ect':
      return ['slow-2g', '2g', '3g', '4g'].includes(value)
    case 'save-data':
      return value.toLowerCase() === 'on'
    default:
      return false
  }
}

/** "forbidden request-header". */
export function isForbiddenRequestHeader([name, value]: Header, deviations: Deviations): boolean {
  const lower = name.toLowerCase()
  if (deviations.userAgentForbidden && lower === 'user-agent') return true
  if (isForbiddenRequestHeaderName(lower)) return true
  return methodOverrideNames.includes(lower) && split(value).some(isForbiddenMethod)
}

const methodOverrideNames = ['x-http-method', 'x-http-method-override', 'x-method-override']
