/** The common face of the two real browsers. */

export interface RealBrowser {
  readonly name: BrowserName
  readonly version: string
  /** A page in a tab of its own, at this URL. */
  open(url: string): Promise<RealPage>
  close(): Promise<void>
}

export type BrowserName = 'chromium' | 'firefox'

export interface RealPage {
  /** Throws where the browser shows no such page. */
  visit(url: string): Promise<void>
  /** Runs a function in the page: it sees its argument and the page's globals, nothing of where it is written. */
  evaluate<Given, Result>(script: (given: Given) => Result | Promise<Result>, given: Given): Promise<Result>
  /** What the console has printed, errors too, in order. It comes some time after the fact. */
  readonly messages: readonly string[]
  close(): Promise<void>
}

/** Starts a browser whose every connection goes to the SOCKS proxy on this port of loopback. */
export type Launch = (executable: string, proxyPort: number) => Promise<RealBrowser>
