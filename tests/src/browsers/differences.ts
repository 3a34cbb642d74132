/**
 * Where the two browsers differ from the standards, as measured by the tests of this folder. A difference that is not in this
 * list fails them, and so does one in it that no longer shows.
 */
import { chromium156, type Deviations, firefox153 } from '@safeconduct/core/browser'
import type { BrowserName } from './browser.js'

/** The model of each browser. With it no case of the corpus and of browser-cases*.json is left that differs. */
export const models: Readonly<Record<BrowserName, Deviations>> = { chromium: chromium156, firefox: firefox153 }

export interface Difference {
  readonly browser: BrowserName
  readonly does: string
  /** Where the standard says otherwise. */
  readonly section: string
  /** The switch of the model. */
  readonly deviation: keyof Deviations
  /** Of browser-cases*.json, those that show it. */
  readonly cases: readonly string[]
}

export const differences: readonly Difference[] = [
  {
    browser: 'chromium',
    does: '`*` in Access-Control-Allow-Headers covers Authorization',
    section: 'Fetch, "CORS-preflight fetch", step 7.6 (whatwg/fetch#1919)',
    deviation: 'authorizationCoveredByWildcard',
    cases: ['pf-star-authorization', 'dv-authorization'],
  },
  {
    browser: 'chromium',
    does: 'client hints that a script sets are CORS-safelisted',
    section: 'Fetch, "CORS-safelisted request-header"',
    deviation: 'clientHintsSafelisted',
    cases: [
      'h-unsafe-save-data',
      'h-unsafe-name-dpr',
      'dv-hint-DPR-2',
      'dv-hint-dpr-1.25',
      'dv-hint-Device-Memory-0.5',
      'dv-hint-Downlink-10',
      'dv-hint-RTT-50',
      'dv-hint-Viewport-Width-320',
      'dv-hint-Width-100',
      'dv-hint-ECT-slow-2g',
      'dv-hint-Save-Data-on',
    ],
  },
  {
    browser: 'chromium',
    does: 'values of one name are joined before they are judged',
    section: 'Fetch, "CORS-unsafe request-header names"',
    deviation: 'combinesBeforeSafelist',
    cases: [
      'h-safe-sum-1024',
      'h-unsafe-sum-1025',
      'h-safe-sum-own-accept',
      'h-sum-unsafe-does-not-count',
      'dv-two-accepts-standard',
      'dv-two-accepts-combined',
    ],
  },
  {
    browser: 'chromium',
    does: 'a negative Access-Control-Max-Age is 0',
    section: 'Fetch, "CORS-preflight fetch", step 9',
    deviation: 'negativeMaxAgeIsZero',
    cases: ['pc-max-age-negative', 'dv-negative-max-age'],
  },
  {
    browser: 'chromium',
    does: 'an upload that is heard needs its method listed',
    section: 'Fetch, "CORS-preflight fetch", step 7.4',
    deviation: 'absentMethodsStayAbsent',
    cases: ['m-flag-put-without-acam'],
  },
  {
    browser: 'chromium',
    does: 'the preflight cache keeps the last answer for an origin and a URL, whole, and none for "null"',
    section: 'Fetch, "CORS-preflight cache"',
    deviation: 'preflightCache',
    cases: [
      'pc-clear-on-error',
      'pc-flag-other-methods',
      'pc-literal-star',
      'pc-literal-star-downgrade',
      'pc-opaque-page',
      'pc-other-method-keeps',
      'pc-tainted-origin',
    ],
  },
  {
    browser: 'chromium',
    does: 'User-Agent is dropped without a word',
    section: 'Fetch, "forbidden request-header"',
    deviation: 'userAgentForbidden',
    cases: ['h-unsafe-name-user-agent'],
  },
  {
    browser: 'chromium',
    does: 'no redirect to a URL with a user name is followed, not even at home',
    section: 'Fetch, "HTTP-redirect fetch", steps 7 and 8',
    deviation: 'refusesUserinfo',
    cases: ['rd-userinfo-at-home'],
  },
  {
    browser: 'chromium',
    does: 'several equal Location headers are followed as one',
    section: 'Fetch, "location URL"',
    deviation: 'equalLocationsAreOne',
    cases: ['rd-two-locations'],
  },
  {
    browser: 'firefox',
    does: '`*` in Access-Control-Allow-Headers covers Authorization',
    section: 'Fetch, "CORS-preflight fetch", step 7.6 (whatwg/fetch#1919)',
    deviation: 'authorizationCoveredByWildcard',
    cases: ['pf-star-authorization', 'dv-authorization'],
  },
  {
    browser: 'firefox',
    does: 'an Access-Control-Max-Age that does not parse is 0',
    section: 'Fetch, "CORS-preflight fetch", step 9',
    deviation: 'malformedMaxAgeIsZero',
    cases: [
      'pc-max-age-garbage',
      'pc-max-age-negative',
      'pc-max-age-two-lines',
      'pc-max-age-list',
      'pc-max-age-fraction',
      'dv-negative-max-age',
    ],
  },
  {
    browser: 'firefox',
    does: 'an upload that is heard needs its method listed',
    section: 'Fetch, "CORS-preflight fetch", step 7.4',
    deviation: 'absentMethodsStayAbsent',
    cases: ['m-flag-put-without-acam'],
  },
  {
    browser: 'firefox',
    does: 'the preflight cache keeps methods and names one by one, apart for requests with credentials, `*` as a name',
    section: 'Fetch, "CORS-preflight cache"',
    deviation: 'preflightCache',
    cases: [
      'pc-cred-downgrade',
      'pc-flag-other-methods',
      'pc-header-star',
      'pc-literal-star',
      'pc-literal-star-downgrade',
      'pc-method-star',
      'pc-simple-error-clears-nothing',
      'pc-tainted-origin',
      'pc-update-header',
      'pc-update-to-0',
    ],
  },
  {
    browser: 'firefox',
    does: 'safelisted values may be of any length together',
    section: 'Fetch, "CORS-unsafe request-header names"',
    deviation: 'safelistSumUnbounded',
    cases: ['h-size-over-1024', 'h-unsafe-sum-1025'],
  },
  {
    browser: 'firefox',
    does: 'bytes beyond ASCII are CORS-unsafe',
    section: 'Fetch, "CORS-unsafe request-header byte"',
    deviation: 'nonAsciiBytesUnsafe',
    cases: ['h-safe-accept-latin1'],
  },
  {
    browser: 'firefox',
    does: 'Access-Control-Request-Headers repeats a name that the script set twice',
    section: 'Fetch, "convert header names to a sorted-lowercase set"',
    deviation: 'repeatsHeaderNames',
    cases: ['h-mixed-case-dup'],
  },
  {
    browser: 'firefox',
    does: 'a request that needed a preflight needs one after every redirect',
    section: 'Fetch, "main fetch"',
    deviation: 'staysPreflighted',
    cases: ['rd-303-put', 'rd-authorization-other-origin'],
  },
  {
    browser: 'firefox',
    does: 'preflights after redirects have the origin of the page, not "null"',
    section: 'Fetch, "byte-serializing a request origin"',
    deviation: 'preflightsUntainted',
    cases: [
      'pc-tainted-origin',
      'rd-authorization-other-origin',
      'rd-remote-own-preflight',
      'rd-remote-own-preflight-fails',
    ],
  },
  {
    browser: 'firefox',
    does: 'several equal Location headers are followed as one',
    section: 'Fetch, "location URL"',
    deviation: 'equalLocationsAreOne',
    cases: ['rd-two-locations'],
  },
  {
    browser: 'firefox',
    does: '`*` exposes all headers although the list behind it is malformed',
    section: 'Fetch, "extract header list values"',
    deviation: 'exposeWildcardSurvives',
    cases: ['ex-malformed-star'],
  },
]

/** Pages that URL, "host parsing" allows, and a browser does not show; by a part of the host. */
export const unshown: readonly { readonly browser: BrowserName; readonly hosts: readonly string[] }[] = [
  { browser: 'chromium', hosts: ['*'] },
  { browser: 'firefox', hosts: ['`', '{', '}', '!', ',', ';', '=', "'", '"', '(', ')', '&', '~', '*'] },
]

/** Headers that a browser shows to scripts, and no server sent. */
export const invented: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: [],
  firefox: ['x-firefox-spdy'],
}

/** Browsers to which a stream is no body (Fetch, "extract a body"), but an object with a text. */
export const streamless: readonly BrowserName[] = ['firefox']
