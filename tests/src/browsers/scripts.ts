/// <reference lib="dom" />
/**
 * What runs inside pages. A function here is sent to the browser as text: it sees its argument and the page's globals,
 * and nothing else of this file.
 */

/** The arguments of a script's `fetch()`. */
export interface Wish {
  readonly url: string
  readonly method?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  readonly body?: string
  /** By XMLHttpRequest, with a listener that hears the upload. */
  readonly hearsUpload?: boolean
}

/** What the script came to see of the response; `error` where it saw none. */
export type Sight =
  | { readonly status: number; readonly headers: readonly string[]; readonly body: string }
  | { readonly error: string }

/** Fetches all of them, some at a time. */
export async function fetchAll(wishes: readonly Wish[]): Promise<Sight[]> {
  const byFetch = async ({ url, method, headers, credentials, body }: Wish): Promise<Sight> => {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(30_000),
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers: headers.map(([name, value]) => [name, value]) }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, headers: [...response.headers.keys()], body: await response.text() }
  }
  const byXhr = ({ url, method = 'GET', headers = [], credentials, body }: Wish): Promise<Sight> =>
    new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest()
      xhr.open(method, url)
      xhr.withCredentials = credentials === 'include'
      for (const [name, value] of headers) xhr.setRequestHeader(name, value)
      xhr.upload.onprogress = () => {}
      xhr.onerror = () => reject(new Error('XMLHttpRequest: error'))
      xhr.onload = () => {
        const names = xhr
          .getAllResponseHeaders()
          .split('\r\n')
          .flatMap((line) => line.split(':')[0] || [])
        resolve({ status: xhr.status, headers: names.map((name) => name.toLowerCase()).sort(), body: xhr.responseText })
      }
      xhr.send(body ?? null)
    })
  const sightOf = async (wish: Wish): Promise<Sight> => {
    try {
      return await (wish.hearsUpload === true ? byXhr(wish) : byFetch(wish))
    } catch (thrown) {
      return { error: String(thrown) }
    }
  }
  const sights: Sight[] = []
  const left = [...wishes.entries()]
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) sights[next[0]] = await sightOf(next[1])
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return sights
}

/** The ways to a page of an opaque origin, whose serialization is "null". */
export type Opaque = 'sandboxed' | 'data:'

/** Runs a script, by its text, in a frame of an opaque origin. It stays: what its console has yet to print goes with it. */
export function inOpaqueFrame({
  kind,
  script,
  given,
}: {
  readonly kind: Opaque
  readonly script: string
  readonly given: unknown
}): Promise<unknown> {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe')
    const text = `onmessage = async ({ data }) => parent.postMessage(await (${script})(data), '*')`
    const html = `<!doctype html><script>${text.replaceAll('</', '<\\/')}</script>`
    if (kind === 'data:') frame.src = `data:text/html,${encodeURIComponent(html)}`
    else {
      frame.setAttribute('sandbox', 'allow-scripts')
      frame.srcdoc = html
    }
    addEventListener('message', ({ data, source }) => {
      if (source === frame.contentWindow) resolve(data)
    })
    frame.onload = () => frame.contentWindow?.postMessage(given, '*')
    document.body.append(frame)
  })
}
