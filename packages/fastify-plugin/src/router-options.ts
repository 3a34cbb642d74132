/** What the application's router was told, as far as it changes which route a request meets. */
import type { FastifyInstance } from 'fastify'
import type { AppRouterOptions } from './routes.js'

/**
 * Fastify takes these options in `routerOptions` and, as it did before version 5.5, at the top. It fills in the defaults of
 * both, so what was set is what differs from the default.
 */
export function routerOptionsOf({ initialConfig }: FastifyInstance): AppRouterOptions {
  const top = initialConfig as AppRouterOptions
  const own: AppRouterOptions = initialConfig.routerOptions ?? {}
  const ownLength = own.maxParamLength ?? defaultLength
  return {
    caseSensitive: own.caseSensitive ?? top.caseSensitive ?? true,
    ignoreTrailingSlash: own.ignoreTrailingSlash || top.ignoreTrailingSlash || false,
    ignoreDuplicateSlashes: own.ignoreDuplicateSlashes || top.ignoreDuplicateSlashes || false,
    useSemicolonDelimiter: own.useSemicolonDelimiter || top.useSemicolonDelimiter || false,
    maxParamLength: ownLength === defaultLength ? (top.maxParamLength ?? defaultLength) : ownLength,
  }
}

const defaultLength = 100
