/** What pages do otherwise than by `fetch()`, and what becomes of it: a policy decides it all. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { consoleMessage, type Initiator, isPreflight } from '@safeconduct/core/browser'
import type { Row } from '../support/table.js'
import type { RealPage } from './browser.js'
import { browserTable, halved } from './browser-table.js'
import { models, streamless } from './differences.js'
import { type Kind, load, postStream, sendForm } from './element-scripts.js'
import { eventually } from './eventually.js'
import { Exchanges, type Seen } from './exchanges.js'
import { Internet } from './internet.js'
import { evil, kindsSite, second, server, shop } from './kinds-site.js'
import { embedder, fetchIn, pageSite, visit } from './pages.js'
import { replay } from './replay.js'
import type { Sight, Wish } from './scripts.js'

/** How the policy's areas answer a GET of a page, without credentials and with them. */
const areas = [
  { area: 'open', page: shop, anonymous: true, credentialed: false },
  { area: 'open', page: evil, anonymous: true, credentialed: false },
  { area: 'own', page: shop, anonymous: true, credentialed: true },
  { area: 'own', page: evil, anonymous: false, credentialed: false },
  { area: 'closed', page: shop, anonymous: false, credentialed: false },
] as const

const kinds: readonly {
  readonly kind: Kind
  readonly file: string
  readonly initiator: Initiator
  readonly credentials: boolean
}[] = [
  { kind: 'image', file: 'it.svg', initiator: 'image', credentials: true },
  { kind: 'module', file: 'it.js', initiator: 'script', credentials: true },
  { kind: 'font', file: 'it.ttf', initiator: 'font', credentials: false },
  { kind: 'events', file: 'it.events', initiator: 'resource', credentials: true },
  { kind: 'xhr', file: 'it.txt', initiator: 'XMLHttpRequest', credentials: true },
  { kind: 'upload', file: 'it.txt', initiator: 'XMLHttpRequest', credentials: true },
]

browserTable('what pages do otherwise than by fetch()', ({ name, browser }) => {
  const exchanges = new Exchanges()
  const site = kindsSite(exchanges)
  const hosts = [shop, evil].map((origin) => new URL(origin).hostname)
  const internet = new Internet()
    .add(pageSite(), embedder, ...hosts)
    .add(site, ...[server, second].map((origin) => new URL(origin).hostname))
  let opened: Promise<RealPage> | undefined
  let count = 0

  /** A page of this origin; all rows share one tab. */
  async function pageOf(origin: string): Promise<RealPage> {
    opened ??= browser().open(`https://${embedder}/`)
    const page = await opened
    await visit(page, origin)
    return page
  }

  /** A URL that nobody has asked for, and what is asked for there. */
  function fresh(path: string): { readonly url: string; readonly seen: () => readonly Seen[] } {
    const end = `n=${++count}.`
    return { url: `${server}${path}${path.includes('?') ? '&' : '?'}${end}`, seen: () => exchanges.endingIn(end) }
  }

  async function one(origin: string, wish: Wish): Promise<Sight> {
    const [sight] = await fetchIn(await pageOf(origin), origin, [wish])
    return sight ?? assert.fail('a wish, a sight')
  }

  const loads = kinds.flatMap(({ kind, file, initiator, credentials }) =>
    areas.flatMap(({ area, page: origin, anonymous, credentialed }) =>
      (credentials ? [false, true] : [false]).map((withCredentials): Row => {
        const isSeen = withCredentials ? credentialed : anonymous
        const how = credentials ? ` ${withCredentials ? 'with' : 'without'} credentials` : ''
        return [
          `${kind} from /${area} at ${origin}${how}: ${isSeen ? 'seen' : 'not seen'}`,
          async () => {
            const page = await pageOf(origin)
            const { url, seen } = fresh(`/${area}/${file}`)
            assert.equal(await page.evaluate(load, { kind, url, withCredentials }), isSeen)
            const wish: Wish = { url, credentials: withCredentials ? 'include' : 'same-origin' }
            const upload: Wish = { ...wish, method: 'POST', body: 'x', hearsUpload: true }
            const result = replay({
              page: origin,
              wish: kind === 'upload' ? upload : wish,
              came: seen(),
              deviations: models[name],
            })
            assert.deepEqual(result.sent, result.came)
            assert.equal(result.readable, isSeen)
            const message = consoleMessage(name, origin, result, initiator)
            assert.equal(message === undefined, isSeen)
            if (message !== undefined) assert.ok(await eventually(() => page.messages.includes(message)), message)
          },
        ]
      }),
    ),
  )
  const put: Wish = { url: '', method: 'PUT', credentials: 'include' }
  const isRead = (sight: Sight): boolean => 'status' in sight
  const preflights = (seen: readonly Seen[]): number => seen.filter(isPreflight).length
  const cookieOf = ({ headers }: Seen): string | undefined => headers.find(([header]) => header === 'cookie')?.[1]
  const originOf = ({ headers }: Seen): string | undefined => headers.find(([header]) => header === 'origin')?.[1]

  const opaque = (['sandboxed', 'data:'] as const).map(
    (kind): Row => [
      `a page of an opaque origin (${kind}) reads what is for anyone, and nothing else`,
      async () => {
        const page = await pageOf(shop)
        const [open, own] = [fresh('/open/x'), fresh('/own/x')]
        const sights = await fetchIn(page, 'null', [{ url: open.url }, { url: own.url }], kind)
        assert.deepEqual(sights.map(isRead), [true, false])
        assert.deepEqual([...open.seen(), ...own.seen()].map(originOf), ['null', 'null'])
      },
    ],
  )

  const forms: Row[] = [
    [
      'a form is sent by whoever likes: its answer has no CORS header, which is why a policy is no protection from requests',
      async () => {
        const { url, seen } = fresh('/own/order')
        await (await pageOf(evil)).evaluate(sendForm, { action: url, method: 'post' })
        const [post] = seen()
        assert.deepEqual([post?.method, post && originOf(post), post?.response.status], ['POST', evil, 200])
        assert.deepEqual(corsHeadersOf(post), [])
      },
    ],
    [
      'a form by GET is no CORS request',
      async () => {
        const before = exchanges.containing('/own/search').length
        await (await pageOf(shop)).evaluate(sendForm, { action: `${server}/own/search`, method: 'get' })
        const [get] = exchanges.containing('/own/search').slice(before)
        assert.deepEqual([get?.method, get && originOf(get)], ['GET', undefined])
        assert.deepEqual(corsHeadersOf(get), [])
      },
    ],
  ]

  const redirects: Row[] = [
    [
      'a redirect within the server keeps the origin',
      async () => {
        const { url, seen } = fresh('/own/x')
        const sight = await one(shop, { url: `${server}/own/redirect?to=${encodeURIComponent(url)}` })
        assert.deepEqual([isRead(sight), seen().map(originOf)], [true, [shop]])
      },
    ],
    [
      'a redirect to another server makes it "null", for which only what is for anyone is readable',
      async () => {
        const [own, open] = [fresh('/own/x'), fresh('/open/x')]
        const to = ({ url }: typeof own) => `${second}/open/redirect?to=${encodeURIComponent(url)}`
        const sights = [await one(shop, { url: to(own) }), await one(shop, { url: to(open) })]
        assert.deepEqual(sights.map(isRead), [false, true])
        assert.deepEqual([...own.seen(), ...open.seen()].map(originOf), ['null', 'null'])
      },
    ],
    [
      'a redirect without CORS headers is followed by no script',
      async () => {
        const { url, seen } = fresh('/open/x')
        const sight = await one(shop, { url: `${server}/closed/redirect?to=${encodeURIComponent(url)}` })
        assert.deepEqual([isRead(sight), seen().length], [false, 0])
      },
    ],
  ]

  const cookies: Row[] = [
    [
      'a cookie is kept and sent with credentials only, and never with a preflight',
      async () => {
        const login = fresh('/own/login')
        assert.ok(isRead(await one(shop, { url: login.url, method: 'POST', credentials: 'include' })))
        const [sent, left, asked] = [fresh('/own/x'), fresh('/own/x'), fresh('/own/x')]
        assert.ok(isRead(await one(shop, { url: sent.url, credentials: 'include' })))
        assert.ok(isRead(await one(shop, { url: left.url, credentials: 'same-origin' })))
        assert.ok(isRead(await one(shop, { ...put, url: asked.url })))
        assert.deepEqual(sent.seen().map(cookieOf), ['session=1'])
        assert.deepEqual(left.seen().map(cookieOf), [undefined])
        assert.deepEqual(asked.seen().map(cookieOf), [undefined, 'session=1'])
      },
    ],
    [
      'a script sees the headers that are safelisted or exposed, and no other',
      async () => {
        const sight = await one(shop, { url: fresh('/own/x').url, credentials: 'include' })
        assert.deepEqual('status' in sight && sight.headers, ['content-length', 'content-type', 'etag'])
      },
    ],
  ]

  const caches: Row[] = [
    [
      'a full list warms the preflight cache: one preflight serves every method and header that is granted',
      async () => {
        const { url, seen } = fresh('/own/x')
        const page = await pageOf(shop)
        for (const method of ['PUT', 'DELETE', 'PUT']) {
          const headers = method === 'DELETE' ? [['x-a', '1'] as const] : [['x-b', '1'] as const]
          const [sight] = await fetchIn(page, shop, [{ url, method, headers, credentials: 'include' }])
          assert.ok(sight && isRead(sight))
        }
        assert.deepEqual([preflights(seen()), seen().length], [1, 4])
      },
    ],
    [
      'maxAge 0: every request asks',
      async () => {
        const { url, seen } = fresh('/never/x')
        const page = await pageOf(shop)
        for (let i = 0; i < 2; i++) assert.ok((await fetchIn(page, shop, [{ ...put, url }])).every(isRead))
        assert.deepEqual([preflights(seen()), seen().length], [2, 4])
      },
    ],
    [
      'maxAge 1: after a second it asks again',
      async () => {
        const { url, seen } = fresh('/brief/x')
        const page = await pageOf(shop)
        assert.ok((await fetchIn(page, shop, [{ ...put, url }])).every(isRead))
        await setTimeout(1500)
        assert.ok((await fetchIn(page, shop, [{ ...put, url }])).every(isRead))
        assert.deepEqual([preflights(seen()), seen().length], [2, 4])
      },
    ],
    [
      'a refused preflight stops the request',
      async () => {
        const { url, seen } = fresh('/own/x')
        assert.ok(!isRead(await one(evil, { ...put, url })))
        assert.deepEqual(
          seen().map(({ method }) => method),
          ['OPTIONS'],
        )
      },
    ],
  ]

  const isStreamless = streamless.includes(name)
  const streams: Row[] = [
    [
      isStreamless
        ? 'a stream is none in this browser, but the text of an object, which needs no preflight'
        : 'a stream asks first, for POST too (Fetch, "new Request()", the use-CORS-preflight flag)',
      async () => {
        const { url, seen } = fresh('/own/x')
        await (await pageOf(shop)).evaluate(postStream, url)
        assert.deepEqual(
          seen().map(({ method }) => method),
          isStreamless ? ['POST'] : ['OPTIONS', 'POST'],
        )
      },
    ],
  ]

  const sockets = [shop, evil].map(
    (origin): Row => [
      `a WebSocket of ${origin} is ${origin === shop ? 'opened' : 'refused by isOriginAllowed'}`,
      async () => {
        const page = await pageOf(origin)
        const url = `${server.replace('https', 'wss')}/own/socket`
        assert.equal(await page.evaluate(load, { kind: 'socket', url }), origin === shop)
      },
    ],
  )

  return {
    internet,
    ...halved([...loads, ...opaque, ...forms, ...redirects, ...cookies, ...caches, ...streams, ...sockets]),
  }
})

function corsHeadersOf(exchange: Seen | undefined): string[] {
  return (exchange?.response.headers ?? []).flatMap(([name]) => (name.startsWith('access-control-') ? [name] : []))
}
