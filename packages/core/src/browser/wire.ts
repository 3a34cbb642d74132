/** What goes over the wire between the model of the browser and a server, and the steps that send it. */
import type { HeaderList } from './header-list.js'

export interface WireRequest {
  readonly method: string
  /** Absolute, without a fragment. */
  readonly url: string
  /** What the author set and what the Fetch standard adds; what HTTP itself adds (Host, Content-Length) is the transport's. */
  readonly headers: HeaderList
  /** The standard's includeCredentials: whether a browser would add its cookies and authentication entries. */
  readonly includesCredentials: boolean
  readonly body?: string
}

export interface WireResponse {
  readonly status: number
  readonly headers: HeaderList
}

/** A request as sent, with the answer that it got. */
export interface Exchange extends WireRequest {
  readonly response: WireResponse
}

/** An algorithm of the standard that uses the network: it yields wire requests and is resumed with their responses. */
export type Steps<Result> = Generator<WireRequest, Result, WireResponse>

/**
 * "CORS-preflight request": an OPTIONS request with Access-Control-Request-Method. A script cannot set that header (it is
 * a forbidden request-header), so what a browser sends with it comes from "CORS-preflight fetch" and from nowhere else.
 */
export function isPreflight({ method, headers }: WireRequest): boolean {
  return method === 'OPTIONS' && headers.some(([name]) => name.toLowerCase() === 'access-control-request-method')
}
