/** What pages of several origins ask of the shop, as browsers put it on the wire. */

export interface PageRequest {
  /** What the page does. */
  readonly what: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const shop = 'https://shop.example.com'

function preflight(what: string, origin: string, path: string, method: string, names?: string): PageRequest {
  const headers = { origin, 'access-control-request-method': method }
  return {
    what,
    method: 'OPTIONS',
    path,
    headers: names === undefined ? headers : { ...headers, 'access-control-request-headers': names },
  }
}

export const requests: readonly PageRequest[] = [
  {
    what: 'any page reads the catalogue',
    method: 'GET',
    path: '/api/catalogue',
    headers: { origin: 'https://blog.example.org' },
  },
  { what: 'a client without Origin reads it', method: 'GET', path: '/api/catalogue', headers: {} },
  preflight('the shop asks to place an order', shop, '/api/orders', 'POST', 'content-type,x-csrf-token'),
  {
    what: 'the shop places it, with its cookie',
    method: 'POST',
    path: '/api/orders',
    headers: { origin: shop, 'content-type': 'application/json', cookie: 'session=1' },
    body: '{"item":"lamp"}',
  },
  preflight('a preview asks to cancel an order', 'https://pr-7.preview.example.com', '/api/orders/1', 'DELETE'),
  { what: 'a page follows the order events', method: 'GET', path: '/api/orders/events', headers: { origin: shop } },
  {
    what: 'a partner reads orders',
    method: 'GET',
    path: '/api/orders',
    headers: { origin: 'https://partner.example.net' },
  },
  preflight('a partner asks to cancel one', 'https://partner.example.net', '/api/orders/1', 'DELETE'),
  {
    what: "an order that isn't there, still readable",
    method: 'GET',
    path: '/api/orders/99',
    headers: { origin: shop },
  },
  { what: 'a typo in the origin', method: 'GET', path: '/api/orders', headers: { origin: 'https://shop.example.co' } },
  {
    what: 'a look-alike of the origin',
    method: 'GET',
    path: '/api/orders',
    headers: { origin: 'https://shop.example.com.evil.example' },
  },
  preflight('a header that is not granted', shop, '/api/orders', 'POST', 'content-type,x-debug'),
  preflight('a method that is not served', shop, '/api/orders', 'PATCH'),
  preflight(
    'the back office asks to set stock',
    'https://admin.example.com',
    '/api/admin/stock/lamp',
    'PUT',
    'content-type',
  ),
  {
    what: 'the back office, not logged in: a readable 401',
    method: 'GET',
    path: '/api/admin/stock',
    headers: { origin: 'https://admin.example.com' },
  },
  {
    what: 'the shop tries the back office',
    method: 'GET',
    path: '/api/admin/stock',
    headers: { origin: shop, cookie: 'session=admin' },
  },
  {
    what: 'the same with an escaped letter',
    method: 'GET',
    path: '/api/%61dmin/stock',
    headers: { origin: shop, cookie: 'session=admin' },
  },
  {
    what: 'a sandboxed frame loads a font',
    method: 'GET',
    path: '/assets/fonts/inter.woff2',
    headers: { origin: 'null' },
  },
  { what: 'a path without a rule', method: 'GET', path: '/nowhere', headers: { origin: shop } },
]
