/** Two versions of one policy: somebody wanted the campaign's pages to read orders, and let in everybody. */
export const shopBefore = `version: 1
origins:
  web: [https://shop.example.com, https://admin.example.com]
  partners: { external: true }
rules:
  - id: orders
    paths: [/api/orders/**]
    allow:
      - origins: ['@web']
        methods: [GET, POST]
        requestHeaders: [content-type]
        credentials: true
      - { origins: ['@partners'], methods: [GET] }
  - id: internal
    paths: [/api/orders/internal/**]
    allow: []
invariants:
  - id: strangers-stay-out
    never: { origins: ['https://evil.example'], methods: [POST] }
    because: SEC-12
`

export const shopAfter = shopBefore
  .replace("{ origins: ['@partners'], methods: [GET] }", "{ origins: ['*'], methods: [GET] }")
  .replace('  partners: { external: true }\n', '')
