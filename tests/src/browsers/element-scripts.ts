/// <reference lib="dom" />
/** What pages load otherwise than by `fetch()`. As in `scripts.ts`, a function is sent to the browser as text. */

export type Kind = 'image' | 'module' | 'font' | 'events' | 'xhr' | 'upload' | 'socket'

export interface Load {
  readonly kind: Kind
  readonly url: string
  /** Where the kind has a choice. */
  readonly withCredentials?: boolean
}

/** Whether the page gets to see it. */
export function load({ kind, url, withCredentials = false }: Load): Promise<boolean> {
  const crossOrigin = withCredentials ? 'use-credentials' : 'anonymous'
  return new Promise((resolve) => {
    const yes = () => resolve(true)
    const no = () => resolve(false)
    switch (kind) {
      case 'image': {
        const image = new Image()
        Object.assign(image, { crossOrigin, onload: yes, onerror: no, src: url })
        return
      }
      case 'module': {
        const script = document.createElement('script')
        Object.assign(script, { type: 'module', crossOrigin, onload: yes, onerror: no, src: url })
        document.head.append(script)
        return
      }
      case 'font':
        // a font is always fetched in mode "cors", with credentials "same-origin"
        new FontFace('font', `url(${JSON.stringify(url)})`).load().then(yes, no)
        return
      case 'events': {
        const events = new EventSource(url, { withCredentials })
        const ended = (result: () => void) => () => {
          events.close()
          result()
        }
        Object.assign(events, { onmessage: ended(yes), onerror: ended(no) })
        return
      }
      case 'xhr':
      case 'upload': {
        const xhr = new XMLHttpRequest()
        xhr.open(kind === 'upload' ? 'POST' : 'GET', url)
        Object.assign(xhr, { withCredentials, onload: yes, onerror: no })
        if (kind === 'upload') xhr.upload.onloadend = () => {}
        xhr.send(kind === 'upload' ? 'x' : null)
        return
      }
      case 'socket': {
        const socket = new WebSocket(url)
        socket.onopen = () => {
          socket.close()
          yes()
        }
        socket.onerror = no
      }
    }
  })
}

/** Sends a form, whose answer goes to a frame. True: it came. */
export function sendForm({ action, method }: { readonly action: string; readonly method: string }): Promise<void> {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.name = `frame-${performance.now()}`
    document.body.append(frame)
    const form = document.createElement('form')
    Object.assign(form, { action, method, target: frame.name })
    document.body.append(form)
    frame.onload = () => resolve()
    form.submit()
  })
}

/** Posts a stream; what the server got is its own affair. */
export async function postStream(url: string): Promise<void> {
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('x'))
      controller.close()
    },
  })
  const headers = { 'content-type': 'text/plain' }
  // the DOM types have no `duplex` yet
  const init: RequestInit & { readonly duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
  await fetch(url, init).catch(() => undefined)
}
