/** Fetch, "CORS check". */
import { get, type HeaderList } from './header-list.js'
import { type Request, serializedOrigin } from './request.js'
import type { CorsCheckFailure } from './why.js'

/** Undefined is success. Applied to preflights, to redirects and to final responses alike. */
export function corsCheck(request: Request, headers: HeaderList): CorsCheckFailure | undefined {
  const origin = get(headers, 'Access-Control-Allow-Origin')
  if (origin === null) return 'allow-origin-missing'
  if (request.credentialsMode !== 'include' && origin === '*') return undefined
  if (serializedOrigin(request) !== origin) return 'allow-origin-mismatch'
  if (request.credentialsMode !== 'include') return undefined
  const credentials = get(headers, 'Access-Control-Allow-Credentials')
  if (credentials === 'true') return undefined
  return 'allow-credentials-not-true'
}
