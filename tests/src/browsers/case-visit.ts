/** A case of browser-cases*.json as real pages play it; or why none can. */
import { type BrowserCase, type Step, stepsOf, urlOf } from '../support/browser/cases.js'
import type { Wish } from './scripts.js'

export type Unplayable =
  | 'no page has such an origin'
  | 'mixed content: a page by https is kept from http'
  | 'it takes minutes'
  | 'streams are sent over HTTP/2 only'
  | 'an upload that is heard has a body'

/** Seconds that a test may wait. */
const patience = 5

export function unplayable(each: BrowserCase): Unplayable | undefined {
  const steps = stepsOf(each)
  if (steps.some(({ request: { origin } }) => !/^(null$|https:)/.test(origin))) return 'no page has such an origin'
  if (steps.some((step) => urlsOf(step).some((url) => /^http:/.test(url))))
    return 'mixed content: a page by https is kept from http'
  if (steps.some(({ after = 0 }) => after > patience)) return 'it takes minutes'
  if (steps.some(({ request: { body } }) => typeof body === 'object')) return 'streams are sent over HTTP/2 only'
  if (steps.some(({ request: { useCorsPreflight, body } }) => useCorsPreflight && body === undefined))
    return 'an upload that is heard has a body'
  return undefined
}

function urlsOf(step: Step): string[] {
  return [urlOf(step), ...('hops' in step.given ? step.given.hops.map(({ url }) => url) : [])]
}

export function wishOf(step: Step): Wish {
  const { method, headers, credentials, body, useCorsPreflight } = step.request
  return {
    url: urlOf(step),
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(typeof body === 'string' ? { body } : {}),
    ...(useCorsPreflight ? { hearsUpload: true } : {}),
  }
}

/** The same case below a path of its own, so that it shares no URL, and no preflight, with another. */
export function apart(each: BrowserCase, folder: string): BrowserCase {
  const moved = (url: string) => url.replace(/^(https?:\/\/[^/]+)\//, `$1/${folder}/`)
  const isUrl = (key: string, parent: unknown) =>
    key === 'url' || (key === '1' && Array.isArray(parent) && parent[0] === 'Location')
  const text = JSON.stringify(each, function (key, value) {
    return isUrl(key, this) && typeof value === 'string' ? moved(value) : value
  })
  return JSON.parse(text)
}
