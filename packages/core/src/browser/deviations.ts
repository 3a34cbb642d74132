/**
 * Where real browsers differ from the text of the Fetch standard. The standard is the default; every difference is a
 * switch, and a browser is a set of switches.
 */

export interface Deviations {
  /**
   * `*` in Access-Control-Allow-Headers covers Authorization too. By the standard it does not ("CORS non-wildcard
   * request-header name"); Chromium, Firefox and Safari hold that it does (whatwg/fetch#1919).
   */
  readonly authorizationCoveredByWildcard: boolean
  /** Client hints that a script sets (DPR, Save-Data, …) are CORS-safelisted while their values are well-formed. */
  readonly clientHintsSafelisted: boolean
  /** Headers of one name are combined before they are judged: two values of 100 bytes are one of 202. */
  readonly combinesBeforeSafelist: boolean
  /** A negative Access-Control-Max-Age is 0. By the standard it does not parse, which makes it 5. */
  readonly negativeMaxAgeIsZero: boolean
  /**
   * Access-Control-Allow-Methods that is absent lists nothing. By the standard it lists the request's method where the
   * use-CORS-preflight flag is set.
   */
  readonly absentMethodsStayAbsent: boolean
  /** The method is upper-cased before it is looked for in Access-Control-Allow-Methods: Chrome until version 108. */
  readonly uppercasesMethodToMatch: boolean
  /** An Access-Control-Max-Age that does not parse is 0. By the standard it is 5. */
  readonly malformedMaxAgeIsZero: boolean
  /** The CORS-preflight cache: the standard's, Chromium's (`whole-answer-cache.ts`), Firefox's (`token-cache.ts`). */
  readonly preflightCache: 'entries' | 'whole-answers' | 'tokens'
  /** User-Agent is a forbidden request-header, as it was once in the standard. */
  readonly userAgentForbidden: boolean
  /** There is no bound on the sum of safelisted values; by the standard they are unsafe together beyond 1024 bytes. */
  readonly safelistSumUnbounded: boolean
  /** A byte from 0x80 on is a CORS-unsafe request-header byte. */
  readonly nonAsciiBytesUnsafe: boolean
  /** Access-Control-Request-Headers names a header as often as the script set it. */
  readonly repeatsHeaderNames: boolean
  /** A request that once needed a preflight needs one at every later hop of its redirects, whatever became of it. */
  readonly staysPreflighted: boolean
  /** A preflight is sent and judged with the origin of the page, also where redirects have made that of the request "null". */
  readonly preflightsUntainted: boolean
  /** Several Location headers of one value are one. */
  readonly equalLocationsAreOne: boolean
  /** A `*` in Access-Control-Expose-Headers counts where what does not parse stands behind it. */
  readonly exposeWildcardSurvives: boolean
  /** No redirect to a URL with a user name or a password is followed; by the standard those within one origin are. */
  readonly refusesUserinfo: boolean
  /** "an imposed limit on max-age", in seconds. The standard leaves it to the browser. */
  readonly maxAgeLimit: number
}

export const standard: Deviations = {
  authorizationCoveredByWildcard: false,
  clientHintsSafelisted: false,
  combinesBeforeSafelist: false,
  negativeMaxAgeIsZero: false,
  absentMethodsStayAbsent: false,
  uppercasesMethodToMatch: false,
  malformedMaxAgeIsZero: false,
  preflightCache: 'entries',
  userAgentForbidden: false,
  safelistSumUnbounded: false,
  nonAsciiBytesUnsafe: false,
  repeatsHeaderNames: false,
  staysPreflighted: false,
  preflightsUntainted: false,
  equalLocationsAreOne: false,
  exposeWildcardSurvives: false,
  refusesUserinfo: false,
  maxAgeLimit: Number.POSITIVE_INFINITY,
}

/** As measured; the tests hold this set against the browser itself. */
export const chromium156: Deviations = {
  ...standard,
  authorizationCoveredByWildcard: true,
  clientHintsSafelisted: true,
  combinesBeforeSafelist: true,
  negativeMaxAgeIsZero: true,
  absentMethodsStayAbsent: true,
  preflightCache: 'whole-answers',
  userAgentForbidden: true,
  equalLocationsAreOne: true,
  refusesUserinfo: true,
  maxAgeLimit: 2 * 60 * 60,
}

/** As measured, likewise. */
export const firefox153: Deviations = {
  ...standard,
  authorizationCoveredByWildcard: true,
  malformedMaxAgeIsZero: true,
  absentMethodsStayAbsent: true,
  preflightCache: 'tokens',
  safelistSumUnbounded: true,
  nonAsciiBytesUnsafe: true,
  repeatsHeaderNames: true,
  staysPreflighted: true,
  preflightsUntainted: true,
  equalLocationsAreOne: true,
  exposeWildcardSurvives: true,
  maxAgeLimit: 24 * 60 * 60,
}
