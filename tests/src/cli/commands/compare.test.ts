import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openPlace, type Place } from '../../support/command.js'
import { shopAfter, shopBefore } from '../../support/example-policies.js'
import { type Row, table } from '../../support/table.js'

const place = openPlace({ 'old.cors.yaml': shopBefore, 'new.cors.yaml': shopAfter })

/** What a newcomer reads who let in everybody by mistake. */
const told = `new.cors.yaml, compared with old.cors.yaml

Allowed now, refused before
  any other website
    may now use GET, without credentials
      at /api/orders/**, except /api/orders/internal/** (rule orders)
      e.g. GET /api/orders from https://evil.example: refused (origin-not-allowed) before, allowed now

broader: 1 change allows more
`

const toldInMarkdown = `### ⚠️ CORS policy: this change lets pages do more than before

broader: 1 change allows more

\`new.cors.yaml\`, compared with \`old.cors.yaml\`

**Allowed now, refused before**

| who | may now | where | for example |
| --- | --- | --- | --- |
| **any other website** | use \`GET\`, without credentials | \`/api/orders/**\`, except \`/api/orders/internal/**\`<br>rule \`orders\` | \`GET /api/orders from https://evil.example\` |
`

function policy(...allow: readonly string[]): string {
  return `version: 1\norigins: { web: [https://a.example], partners: { external: true } }\nrules:\n  - id: api\n    paths: [/api/**]\n    allow: [${allow.join(', ')}]\n`
}

/** The line of the only change, without its place and its example. */
function says(sentence: string, before: string, after: string, ...lines: readonly string[]): Row {
  return [
    `${sentence}: ${lines.join('; ')}`,
    async () => {
      place.write('a.cors.yaml', before)
      place.write('b.cors.yaml', after)
      const { out, err } = await place.run('compare a.cors.yaml b.cors.yaml')
      const found = out.split('\n').filter((line) => /^ {2,4}\S/.test(line))
      assert.deepEqual(
        found.map((line) => line.trim()),
        lines,
        err,
      )
    },
  ]
}

const get = "{ origins: ['@web'], methods: [GET] }"

table('compare', [
  [
    'says at once who gained what',
    async () =>
      assert.deepEqual(await place.run('compare old.cors.yaml new.cors.yaml'), { code: 0, out: told, err: '' }),
  ],
  [
    'and on a pull request',
    async () =>
      assert.equal((await place.run('compare old.cors.yaml new.cors.yaml --format markdown')).out, toldInMarkdown),
  ],
  [
    'and the other way round who lost it',
    async () => {
      const { out } = await place.run('compare new.cors.yaml old.cors.yaml')
      assert.match(
        out,
        /^Refused now, allowed before\n {2}any other website\n {4}may no longer use GET, without credentials\n/m,
      )
      assert.match(out, /\nnarrower: 1 change allows less\n$/)
    },
  ],
  [
    'beside the line of the rule, where the later policy has one',
    async () => {
      const { out } = await place.run('compare old.cors.yaml new.cors.yaml --format github')
      assert.match(
        out,
        /^::warning file=new\.cors\.yaml,line=5,col=5,title=change-broader::any other website may now use `GET`/,
      )
    },
  ],
  [
    'finds nothing where nothing changes for any request',
    async () => {
      place.write('same.cors.yaml', shopBefore.replace('methods: [GET, POST]', 'methods: [POST, GET, HEAD]'))
      const { out } = await place.run('compare old.cors.yaml same.cors.yaml')
      assert.match(out, /^equivalent: every request has the same outcome$/m)
      const { out: markdown } = await place.run('compare old.cors.yaml same.cors.yaml --format markdown')
      assert.match(markdown, /^### ✅ CORS policy: nothing changes for any request\n/)
    },
  ],
  [
    '--fail-on fails where a change goes there',
    async () => {
      const codes = ['broader', 'narrower', 'any'].map(async (direction) => {
        const { code } = await place.run(`compare old.cors.yaml new.cors.yaml --fail-on ${direction}`)
        return code
      })
      assert.deepEqual(await Promise.all(codes), [3, 0, 3])
    },
  ],
])

table('the words of a change', [
  says(
    'an origin more',
    policy(get),
    policy("{ origins: ['@web', 'https://b.example'], methods: [GET] }"),
    'https://b.example',
    'may now use GET, without credentials',
  ),
  says(
    'credentials',
    policy(get),
    policy("{ origins: ['@web'], methods: [GET], credentials: true }"),
    'https://a.example',
    'may now also use credentials (cookies)',
  ),
  says(
    'a grant with credentials',
    policy(),
    policy(
      "{ origins: ['@web'], methods: [PUT], requestHeaders: [x-a, x-b, x-c], exposedHeaders: [etag], credentials: true }",
    ),
    'https://a.example',
    'may now use PUT, send the request headers x-a, x-b and x-c and read the response header etag, with credentials (cookies)',
  ),
  says(
    'all methods',
    policy(get),
    policy("{ origins: ['@web'], methods: ['*'] }"),
    'https://a.example',
    'may now also use POST and every other method',
  ),
  says(
    'a grant of all',
    policy(),
    policy("{ origins: ['*'], methods: ['*'], requestHeaders: ['*'] }"),
    'any website',
    'may now use every method and send any other request header, without credentials',
  ),
  says(
    'all response headers',
    policy(get),
    policy("{ origins: ['@web'], methods: [GET], exposedHeaders: ['*'] }"),
    'https://a.example',
    'may now also read every response header',
  ),
  says(
    'an external group',
    policy(get),
    policy(get, "{ origins: ['@partners'], methods: [GET] }"),
    '@partners',
    'may now use GET, without credentials',
  ),
  says(
    'what is served instead of a list',
    policy(get),
    policy("{ origins: ['@web'], methods: served }"),
    'https://a.example',
    'may now also use every method that the router serves there',
    'https://a.example',
    'may no longer use GET where the router does not serve it',
  ),
  says(
    'many origins',
    policy(get),
    policy(get, `{ origins: [${[1, 2, 3, 4, 5, 6].map((n) => `https://b${n}.example`).join(', ')}], methods: [GET] }`),
    'https://b1.example, https://b2.example, https://b3.example, https://b4.example and 2 more',
    'may now use GET, without credentials',
  ),
  says(
    'a wider glob',
    policy("{ origins: ['https://*.a.example'], methods: [GET] }"),
    policy("{ origins: ['https://**.a.example'], methods: [GET] }"),
    'https://**.a.example, except https://*.a.example',
    'may now use GET, without credentials',
  ),
])

function git(folder: string, ...args: readonly string[]): void {
  const who = [
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@example.com',
    '-c',
    'init.defaultBranch=main',
    '-c',
    'commit.gpgsign=false',
  ]
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe', env: { PATH: process.env.PATH, HOME: folder } })
}

/** A repository whose last commit has the earlier policy, a broken one and a text; the later ones lie in the work tree. */
function openRepository(): Place {
  const repository = openPlace({
    'shop.cors.yaml': shopBefore,
    'deep/folder/it’s :x.cors.yaml': shopBefore,
    'broken.cors.yaml': 'version: 1\nrules: [\n',
  })
  git(repository.folder, 'init', '--quiet')
  git(repository.folder, 'add', '.')
  git(repository.folder, 'commit', '--quiet', '-m', 'before')
  repository.write('shop.cors.yaml', shopAfter)
  repository.write('deep/folder/it’s :x.cors.yaml', shopAfter)
  repository.write('new.cors.yaml', shopAfter)
  repository.write('broken.cors.yaml', shopAfter)
  return repository
}

const repository = openRepository()

function refuses(sentence: string, args: readonly string[], code: number, err: RegExp): Row {
  return [
    sentence,
    async () => {
      const ran = await repository.run(args)
      assert.equal(ran.code, code, ran.out)
      assert.match(ran.err, err)
    },
  ]
}

table(
  'compare --base',
  [
    [
      'takes the earlier policy from git',
      async () => {
        const { out } = await repository.run('compare --base HEAD shop.cors.yaml')
        assert.equal(
          out,
          told.replace('new.cors.yaml', 'shop.cors.yaml').replace('old.cors.yaml', 'HEAD:shop.cors.yaml'),
        )
      },
    ],
    [
      'from below the top of the repository, of a file of an odd name',
      async () => {
        const cwd = `${repository.folder}/deep`
        const { code, out, err } = await repository.run(['compare', '--base', 'main', 'folder/it’s :x.cors.yaml'], {
          cwd,
        })
        assert.equal(code, 0, err)
        assert.match(out, /broader: 1 change allows more/)
      },
    ],
    [
      'in a hook, to which git says where the repository is',
      async () => {
        const env = { PATH: process.env.PATH, GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' }
        const { code, out, err } = await repository.run(
          ['compare', '--base', 'HEAD', 'deep/folder/it’s :x.cors.yaml'],
          { env },
        )
        assert.equal(code, 0, err)
        assert.match(out, /broader: 1 change allows more/)
      },
    ],
    [
      'of a policy that was not there, or did not load, everything is new',
      async () => {
        const { out } = await repository.run('compare --base HEAD new.cors.yaml broken.cors.yaml')
        assert.match(
          out,
          /^new\.cors\.yaml, compared with HEAD:new\.cors\.yaml, which is not there: nobody was allowed anything$/m,
        )
        assert.match(
          out,
          /^broken\.cors\.yaml, compared with HEAD:broken\.cors\.yaml, which is not a valid policy: nobody was allowed anything$/m,
        )
        assert.match(out, /^broader: 4 changes allow more$/m)
      },
    ],
    [
      'without names compares all policies',
      async () => {
        const { out } = await repository.run('compare --base HEAD --format json')
        assert.deepEqual(
          JSON.parse(out).comparisons.map(({ after, base }: { after: string; base: string }) => `${after} ${base}`),
          [
            'broken.cors.yaml invalid',
            'deep/folder/it’s :x.cors.yaml valid',
            'new.cors.yaml absent',
            'shop.cors.yaml valid',
          ],
        )
      },
    ],
    refuses(
      'a revision that git does not know',
      ['compare', '--base', 'nowhere', 'shop.cors.yaml'],
      1,
      /^safeconduct: git knows no revision nowhere\n$/,
    ),
    refuses(
      'a revision that git would take for an option',
      ['compare', '--base=--output=x', 'shop.cors.yaml'],
      2,
      /^safeconduct: --output=x is no revision of git\n\(safeconduct help compare shows how\)\n$/,
    ),
    refuses('an empty revision', ['compare', '--base', '', 'shop.cors.yaml'], 2, /is no revision of git/),
    refuses(
      'a revision with a line of its own',
      ['compare', '--base', 'HEAD\n--all', 'shop.cors.yaml'],
      1,
      /^safeconduct: git knows no revision HEAD\n--all\n$/,
    ),
    refuses(
      'a folder instead of a repository',
      ['compare', '--base', 'HEAD', '/tmp/nowhere/x.cors.yaml'],
      1,
      /there is no file/,
    ),
    [
      'a file whose name begins with a dash is no option of git',
      async () => {
        repository.write('--exec=x.cors.yaml', shopAfter)
        const { code, out, err } = await repository.run(['compare', '--base', 'HEAD', '--', '--exec=x.cors.yaml'])
        assert.equal(code, 0, err)
        assert.match(out, /which is not there/)
      },
    ],
    [
      'outside of a repository it says so',
      async () => {
        const { code, err } = await place.run('compare --base HEAD new.cors.yaml')
        assert.equal(code, 1)
        assert.match(err, /^safeconduct: git knows no revision HEAD: fatal: not a git repository/)
      },
    ],
    [
      'without git it says so',
      async () => {
        const { code, err } = await repository.run('compare --base HEAD shop.cors.yaml', { env: { PATH: '/nowhere' } })
        assert.deepEqual(
          [code, err],
          [1, 'safeconduct: git is not installed, or the folder of the file does not exist\n'],
        )
      },
    ],
  ],
  {
    after: () => {
      place.close()
      repository.close()
    },
  },
)

/** Since the last commit one policy is gone, one with its folder, and one has another name. */
function openThinned(): Place {
  const thinned = openPlace({
    'gone.cors.yaml': shopBefore,
    'gone.cors.test.yaml': 'version: 1\n',
    'folder/below/gone.cors.json': JSON.stringify({ version: 1, rules: [] }),
    'old.cors.yaml': shopAfter,
    'stays.cors.yaml': shopBefore,
  })
  git(thinned.folder, 'init', '--quiet')
  git(thinned.folder, 'add', '.')
  git(thinned.folder, 'commit', '--quiet', '-m', 'before')
  git(thinned.folder, 'mv', 'old.cors.yaml', 'new.cors.yaml')
  git(thinned.folder, 'rm', '--quiet', 'folder/below/gone.cors.json')
  for (const file of ['gone.cors.yaml', 'gone.cors.test.yaml']) rmSync(join(thinned.folder, file))
  return thinned
}

const thinned = openThinned()

/** What is compared, as `after < before, head, verdict`. */
function pairs(sentence: string, args: readonly string[], expected: readonly string[]): Row {
  return [
    sentence,
    async () => {
      const { out, err } = await thinned.run(['compare', '--base', 'HEAD', '--format', 'json', ...args])
      assert.equal(err, '')
      const { comparisons } = JSON.parse(out) as { comparisons: readonly Record<string, string>[] }
      assert.deepEqual(
        comparisons.map(({ after, before, head, verdict }) => `${after} < ${before}, ${head}, ${verdict}`),
        expected,
      )
    },
  ]
}

const gone = 'gone.cors.yaml < HEAD:gone.cors.yaml, absent, narrower'
const goneBelow = 'folder/below/gone.cors.json < HEAD:folder/below/gone.cors.json, absent, equivalent'

table(
  'compare --base, of a policy that is gone,',
  [
    pairs(
      'tells what it allowed; one of another name that means the same took its place',
      [],
      [
        'new.cors.yaml < HEAD:old.cors.yaml, valid, equivalent',
        'stays.cors.yaml < HEAD:stays.cors.yaml, valid, equivalent',
        goneBelow,
        gone,
      ],
    ),
    [
      'and says of which there is no difference',
      async () => {
        const { out } = await thinned.run('compare --base HEAD stays.cors.yaml new.cors.yaml')
        assert.match(out, /^stays\.cors\.yaml, compared with HEAD:stays\.cors\.yaml: no difference$/m)
        assert.match(
          out,
          /^new\.cors\.yaml, compared with HEAD:new\.cors\.yaml, which is not there: nobody was allowed anything$/m,
        )
      },
    ],
    pairs('by its name', ['./gone.cors.yaml'], [gone]),
    pairs('by the name of its folder, which is gone too', ['folder'], [goneBelow]),
    pairs('by a glob', ['g*.yaml'], [gone]),
    pairs(
      'and of one that took the place of what is not asked about, all that is new',
      ['new.cors.yaml'],
      ['new.cors.yaml < HEAD:new.cors.yaml, valid, broader'],
    ),
    [
      'says so, in words',
      async () => {
        const { out, code } = await thinned.run('compare --base HEAD gone.cors.yaml --fail-on narrower')
        assert.equal(code, 3)
        assert.match(
          out,
          /^gone\.cors\.yaml, which is gone: nobody is allowed anything; compared with HEAD:gone\.cors\.yaml\n\nRefused now, allowed before\n/,
        )
        assert.match(out, /^narrower: /m)
        const markdown = await thinned.run('compare --base HEAD --format markdown')
        assert.match(markdown.out, /^### CORS policy: this change allows less than before\n/)
        assert.match(markdown.out, /^`gone\.cors\.yaml`, which is gone: nobody is allowed anything; compared with /m)
      },
    ],
    [
      'and of a file that never was, that there is none',
      async () => {
        const { err, code } = await thinned.run('compare --base HEAD gone.cors.yaml never.cors.yaml')
        assert.deepEqual([code, err], [1, 'safeconduct: there is no file never.cors.yaml\n'])
      },
    ],
  ],
  { after: () => thinned.close() },
)
