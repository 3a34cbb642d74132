/** Fetch, "Methods". */
import { sameName } from './header-list.js'

/** "CORS-safelisted method": byte for byte. */
export function isSafelistedMethod(method: string): boolean {
  return ['GET', 'HEAD', 'POST'].includes(method)
}

/** "forbidden method". */
export function isForbiddenMethod(method: string): boolean {
  return ['CONNECT', 'TRACE', 'TRACK'].some((forbidden) => sameName(forbidden, method))
}

/** "normalize" a method. `patch` is not among them: methods are case-sensitive. */
export function normalizeMethod(method: string): string {
  const known = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']
  return known.find((name) => sameName(name, method)) ?? method
}
