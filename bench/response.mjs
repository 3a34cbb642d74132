/** What the subjects write their headers to: a light stand-in, and Node's own. */
import { ServerResponse } from 'node:http'

/** As light as can be: it keeps what it is given, names as written. */
export class LightResponse {
  lines = []
  statusCode = 200

  setHeader(name, value) {
    const at = this.lines.indexOf(name)
    if (at === -1) this.lines.push(name, value)
    else this.lines[at + 1] = value
  }

  getHeader(name) {
    const at = this.lines.indexOf(name)
    return at === -1 ? undefined : this.lines[at + 1]
  }

  removeHeader(name) {
    const at = this.lines.indexOf(name)
    if (at !== -1) this.lines.splice(at, 2)
  }

  end() {}
}

/** Node's: it checks each name and value, and `end` writes the head, here into a buffer that nobody reads. */
export function realResponse({ method }) {
  return new ServerResponse({ method, httpVersionMajor: 1, httpVersionMinor: 1, headers: {} })
}

/** What was set, names in lower case. */
export function headersOf(response) {
  if (!(response instanceof LightResponse)) return response.getHeaders()
  const names = response.lines.filter((_, i) => i % 2 === 0)
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), response.getHeader(name)]))
}
