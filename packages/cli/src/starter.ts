/** What `safeconduct init` writes. */

const schemas = './node_modules/@safeconduct/schemas'

export const starterPolicy: string = `# yaml-language-server: $schema=${schemas}/policy.v1.schema.json
# Which origins may do what on which paths. Whatever is not allowed here is refused.
version: 1

# Groups of origins, written "@name" below. Origins are written as browsers send them: no path, no slash at the end.
origins:
  web:
    - https://www.example.com
    - https://app.example.com

rules:
  # The most specific path decides alone; the order of rules means nothing.
  - id: api
    paths: [/api/**]
    allow:
      - origins: ['@web']
        methods: [GET, POST, PUT, DELETE]
        requestHeaders: [content-type, authorization]
        credentials: true # cookies and HTTP authentication
        maxAge: 2h

  # Anybody may read, without credentials.
  - id: public
    paths: [/api/public/**]
    allow:
      - origins: ['*']
        methods: [GET]

  # Nobody, whatever broader rules say.
  - id: internal
    paths: [/api/internal/**]
    allow: []

# What must never become true, whatever the rules come to say.
invariants:
  - id: tls-only
    never: { origins: ['http://**:*'], credentials: true }
    because: Anybody on the network can speak for a page by http.
`

/** \`policy\`: the name of the policy's file, beside the suite. */
export function starterSuite(policy: string): string {
  return `# yaml-language-server: $schema=${schemas}/suite.v1.schema.json
version: 1
policy: ./${policy}

# Every origin, on every path, by every method: what is not listed under "allow" must be refused.
matrices:
  - name: who may write
    origins: [https://www.example.com, https://evil.example]
    paths: [/api/orders, /api/internal/health]
    methods: [GET, POST]
    allow:
      - { origins: [https://www.example.com], paths: [/api/orders], credentials: true }

# What a page's script gets to see.
cases:
  - name: anybody reads what is public
    fetch: { from: https://blog.example.net, path: /api/public/news }
    expect: { readable: true, rule: public }
  - name: but not with credentials
    fetch: { from: https://blog.example.net, path: /api/public/news, credentials: include }
    expect: { readable: false }
`
}
