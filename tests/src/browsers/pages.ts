/** The pages that scripts run in: any name, any port, http and https. */
import assert from 'node:assert/strict'
import type { RealPage } from './browser.js'
import type { Site } from './internet.js'
import { fetchAll, inOpaqueFrame, type Opaque, type Sight, type Wish } from './scripts.js'
import { type Listener, webSite } from './web-site.js'

export function pageSite(): Site {
  const answer: Listener = (request, response) => {
    const isPage = request.url === '/'
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' })
    response.end(isPage ? '<!doctype html><title>a page</title><body>' : '')
  }
  return webSite(answer, { isOldHttp: true })
}

/** Where frames of an opaque origin are shown. */
export const embedder = 'embedder.test'

/** Goes to a page of this origin, or to one that can show a frame of an opaque origin. */
export function visit(page: RealPage, origin: string): Promise<void> {
  return page.visit(origin === 'null' ? `https://${embedder}/` : `${origin}/`)
}

/** Fetches from the page; where the origin is "null", from a frame in it. */
export async function fetchIn(
  page: RealPage,
  origin: string,
  wishes: readonly Wish[],
  opaque: Opaque = 'sandboxed',
): Promise<Sight[]> {
  if (origin !== 'null') return page.evaluate(fetchAll, wishes)
  const frame = { kind: opaque, script: fetchAll.toString(), given: wishes }
  return (await page.evaluate(inOpaqueFrame, frame)) as Sight[]
}

/** So many run at a time: a connection that breaks takes no more with it. */
const mostLost = 16

/**
 * Fetches, and fetches once more what failed before any of it came to a server. A connection that broke says nothing of what
 * the tests ask; what a browser will not send fails again.
 */
export async function fetchThere(
  page: RealPage,
  origin: string,
  wishes: readonly Wish[],
  hasCome: (wish: Wish) => boolean,
): Promise<Sight[]> {
  const sights = await fetchIn(page, origin, wishes)
  const lost = [...sights.entries()].flatMap(([i, sight]) => {
    const wish = wishes[i]
    return wish !== undefined && 'error' in sight && !hasCome(wish) ? [[i, wish] as const] : []
  })
  if (lost.length === 0) return sights
  assert.ok(
    lost.length <= mostLost,
    `${lost.length} of ${wishes.length} never came: ${page.messages.slice(-3).join('\n')}`,
  )
  const again = await fetchIn(
    page,
    origin,
    lost.map(([, wish]) => wish),
  )
  const second = new Map(lost.map(([i], n) => [i, again[n]]))
  return sights.map((sight, i) => second.get(i) ?? sight)
}
