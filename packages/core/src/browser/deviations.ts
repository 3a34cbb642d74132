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
  /** The CORS-preflight cache of Chromium: see `whole-answer-cache.ts`. */
  readonly cachesWholeAnswers: boolean
  /** User-Agent is a forbidden request-header, as it was once in the standard. */
  readonly userAgentForbidden: boolean
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
  cachesWholeAnswers: false,
  userAgentForbidden: false,
  refusesUserinfo: false,
  maxAgeLimit: Number.POSITIVE_INFINITY,
}

/** As measured: the observations of Chromium in the corpus prove this set. */
export const chromium156: Deviations = {
  ...standard,
  authorizationCoveredByWildcard: true,
  clientHintsSafelisted: true,
  combinesBeforeSafelist: true,
  negativeMaxAgeIsZero: true,
  absentMethodsStayAbsent: true,
  cachesWholeAnswers: true,
  userAgentForbidden: true,
  refusesUserinfo: true,
  maxAgeLimit: 2 * 60 * 60,
}
