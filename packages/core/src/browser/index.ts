/** The browser's side: what a browser would send, and whether it lets a script read the answer. Of any server. */
export {
  Browser,
  type BrowserOptions,
  demandOf,
  type FetchResult,
} from './browser.js'
export { type ConsoleBrowser, consoleMessage, failedStep, type Initiator } from './console-message.js'
export { chromium156, type Deviations, firefox153, standard } from './deviations.js'
export type { Header, HeaderList } from './header-list.js'
export { type PreflightCache, preflightCacheFor } from './preflight-cache.js'
export type { CredentialsMode, FetchRequest } from './request.js'
export type { Why } from './why.js'
export { type Exchange, isPreflight, type WireRequest, type WireResponse } from './wire.js'
export {
  type Answer,
  type AnswerHeaders,
  type Outcome,
  type PageRequest,
  type SentRequest,
  wouldBrowserAllow,
} from './would-browser-allow.js'
