/**
 * The `config` of the route that a request ran into. `request.routeOptions` makes an object of twelve fields each time it is
 * asked, which costs as much as all else that a request without `Origin` costs here. Fastify takes the config from an object
 * that it keeps with the request, under a symbol that it does not publish: this one is found at the first request, by what it
 * holds. If there is none, `routeOptions` is asked.
 */
import type { FastifyContextConfig, FastifyRequest } from 'fastify'

type Held = Record<symbol, { readonly config: FastifyContextConfig }>

/** For one server: each copy of Fastify has symbols of its own. */
export function configReader(): (request: FastifyRequest) => FastifyContextConfig {
  let key: symbol | undefined
  let isSought = true
  return (request) => {
    if (isSought) {
      key = holderOf(request)
      isSought = false
    }
    const holder = key === undefined ? undefined : (request as unknown as Held)[key]
    return holder === undefined ? request.routeOptions.config : holder.config
  }
}

function holderOf(request: FastifyRequest): symbol | undefined {
  const { config } = request.routeOptions
  const held = request as unknown as Record<symbol, { readonly config?: unknown } | null | undefined>
  return Object.getOwnPropertySymbols(request).find((symbol) => held[symbol]?.config === config)
}
