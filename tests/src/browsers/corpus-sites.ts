/** Sites that answer by the corpus' policies: `topic.plugin.test`, `topic.debugged.test`, `topic.engine.test`. */
import { corsRequest, type Decision, evaluate, withOrigins } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { type CorpusFile, policyOf, readCorpus, requestOf } from '../support/corpus.js'
import { typicalResponse } from '../support/exchange.js'
import { makeServer } from '../support/server.js'
import { serverOf } from './corpus-visit.js'
import type { Exchanges } from './exchanges.js'
import type { Internet, Site } from './internet.js'
import { type Listener, webSite } from './web-site.js'

/** Those that cases of the corpus need. */
export function addCorpusSites(internet: Internet, exchanges: Exchanges): void {
  for (const file of readCorpus()) {
    for (const host of new Set(file.cases.map((each) => serverOf(file, each)))) {
      internet.add(
        host.endsWith('.engine.test') ? webSite(engineOf(file), { exchanges }) : pluginSite(file, host, exchanges),
        host,
      )
    }
  }
}

/** A server with the plugin, without routes: paths decide. */
function pluginSite(file: CorpusFile, host: string, exchanges: Exchanges): Site {
  let app: FastifyInstance | undefined
  const site = webSite((request, response) => app?.routing(request, response), { exchanges })
  const open = async () => {
    await site.open()
    app = await appOf(file, host.endsWith('.debugged.test'))
  }
  return { ...site, open }
}

async function appOf({ policy, router = {}, external = {} }: CorpusFile, debug: boolean): Promise<FastifyInstance> {
  const routes = (app: FastifyInstance) => {
    app.setNotFoundHandler((_, reply) => reply.headers(Object.fromEntries(typicalResponse().headers)).send('{}'))
  }
  const { app } = await makeServer({ policy, routes, fastify: { routerOptions: { ...router } }, plugin: { debug } })
  let current = app.safeconduct.policy
  for (const [group, origins] of Object.entries(external)) current = withOrigins(current, group, origins)
  app.safeconduct.replace(current)
  return app
}

/** A server that does what `evaluate` decides, with what the route of the case in the query says. */
function engineOf(file: CorpusFile): Listener {
  const policy = policyOf(file)
  return ({ method = '', url = '', headers }, response) => {
    const index = new URL(url, 'https://engine.test').searchParams.get('case')?.match(/\d+/)?.[0]
    const each = file.cases[Number(index)]
    if (each === undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end()
      return
    }
    const { debug = false } = each
    const request = { ...requestOf(file, each), ...corsRequest(method, url, headers, file.router) }
    const decision: Decision = evaluate(policy, request, { debug })
    const { status, headers: own } = typicalResponse()
    if (decision.kind !== 'preflight') for (const [name, value] of own) response.setHeader(name, value)
    for (const [name, value] of Object.entries(decision.headers)) response.setHeader(name, value)
    if (decision.vary.length > 0) response.setHeader('vary', [...decision.vary])
    response.writeHead(decision.kind === 'preflight' ? decision.status : status).end()
  }
}
