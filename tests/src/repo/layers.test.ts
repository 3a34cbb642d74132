/**
 * The arrows of the house, held over the sources. A row lists every import that breaks it.
 *
 *   web ◄ pattern ◄ policy ◄ evaluate ◄ analysis, suite        index ◄ fastify-plugin, cli
 */
import assert from 'node:assert/strict'
import { builtinModules } from 'node:module'
import { build, transform } from 'esbuild'
import { exists, filesIn, importsOf, packageOf, read, root, sourceOf } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

interface Edge {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

/** `to` is a source's path, or a package's specifier as written. */
function edgesOf(file: string): Edge[] {
  return importsOf(read(file)).map(({ specifier, typeOnly }) => ({
    from: file,
    to: sourceOf(file, specifier) ?? specifier,
    typeOnly,
  }))
}

const core = 'packages/core/src/'
const doors = filesIn('packages', 'package.json').filter((file) => !file.startsWith('packages/core/'))
const sources = filesIn('packages', '.ts').filter((file) => file.includes('/src/'))
const edges = sources.flatMap(edgesOf)
const within = (folder: string): Edge[] => edges.filter(({ from }) => from.startsWith(folder))

function none(bad: readonly Edge[]): void {
  assert.deepEqual(
    bad.map(({ from, to }) => `${from} imports ${to}`),
    [],
  )
}

/** Everything that runs when `file` is imported: sources and packages. */
function reached(file: string, seen: Set<string> = new Set()): Set<string> {
  for (const { to } of edges.filter((edge) => edge.from === file && !edge.typeOnly)) {
    if (seen.has(to)) continue
    seen.add(to)
    reached(to, seen)
  }
  return seen
}

function neverReaches(file: string, unwanted: RegExp): void {
  assert.ok(exists(file), `${file} is not there`)
  assert.deepEqual(
    [...reached(file)].filter((to) => unwanted.test(to)),
    [],
    `${file} reaches what it must not`,
  )
}

/** The words of diagnostics stand at the top of core; layers that know no policy do not see them. */
const words = String.raw`(diagnostic|quote|[\w-]*sentences)\.ts$`

/** What a file of the layer may import, beside what is of the layer itself. */
const layers: Readonly<Record<string, { readonly sees: RegExp; readonly packages: readonly string[] }>> = {
  web: { sees: /^$/, packages: [] },
  pattern: { sees: /^web\//, packages: ['picomatch', 'punycode.js'] },
  policy: { sees: new RegExp(`^(web|pattern)/|^${words}`), packages: [] },
  text: {
    sees: new RegExp(`^(web|pattern|policy)/|^suite/(document|shape)\\.ts$|^${words}`),
    packages: ['jsonc-parser', 'yaml'],
  },
  evaluate: { sees: /^(web|pattern|policy)\//, packages: [] },
  // To foretell what a console prints, an explanation plays a page's fetch in the model of the browser.
  analysis: { sees: new RegExp(`^(web|pattern|policy|evaluate|browser)/|^${words}`), packages: [] },
  suite: { sees: new RegExp(`^(web|pattern|policy|evaluate|analysis|browser)/|^${words}`), packages: [] },
  // The model of the browser's side judges the engine, so it shares none of it but the standard's vocabulary.
  browser: { sees: new RegExp(`^web/|^${words}`), packages: [] },
}

const layerRows = Object.entries(layers).map(([layer, { sees, packages }]): Row => {
  const seen = sees.source === '^$' ? 'no other layer' : sees.source
  return [
    `core/${layer} imports ${seen}, and of packages ${packages.join(', ') || 'none'}`,
    () => {
      const own = `${core}${layer}/`
      none(
        within(own).filter(({ to }) => {
          const name = packageOf(to)
          if (!to.startsWith(core)) return name === undefined || !packages.includes(name)
          return !to.startsWith(own) && !sees.test(to.slice(core.length))
        }),
      )
    },
  ]
})

table('the layers of core', [
  ...layerRows,
  [
    'a dependency of core is met in one file, YAML in those of text/',
    () => {
      const meetings = new Map<string, Set<string>>()
      for (const { from, to } of within(core)) {
        const name = to.startsWith(core) ? undefined : packageOf(to)
        if (name !== undefined && name !== 'yaml') meetings.set(name, (meetings.get(name) ?? new Set()).add(from))
      }
      assert.deepEqual(
        [...meetings].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files]}`),
        [],
      )
    },
  ],
  [
    'a folder of core is one of the layers',
    () => {
      const folders = new Set(within(core).map(({ from }) => from.slice(core.length).split('/').slice(0, -1)[0] ?? ''))
      assert.deepEqual(
        [...folders].filter((folder) => folder !== '' && !Object.hasOwn(layers, folder)),
        [],
      )
    },
  ],
  [
    'evaluate never reaches text, the check, the schema or the analysis',
    () => {
      for (const file of filesIn(`${core}evaluate`, '.ts')) {
        neverReaches(file, /\/(text|analysis)\/|\/policy\/(check|schema)|validator|^ajv|^yaml$|^jsonc-parser$/)
      }
    },
  ],
  ['the front door reaches no parser', () => neverReaches(`${core}index.ts`, /\/text\/|^yaml$|^jsonc-parser$/)],
  [
    'the front door hands names on and defines nothing',
    () => {
      const rest = read(`${core}index.ts`)
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .replace(/^export (type )?(\{[^}]*\}|\*) from '[^']+'$/gm, '')
      assert.equal(rest.trim(), '')
    },
  ],
  [
    'core imports nothing of Node and no web framework',
    () =>
      none(
        within(core).filter(({ to }) => to.startsWith('node:') || builtinModules.includes(to) || /fastify/.test(to)),
      ),
  ],
])

/** Bare uses of these are reported with their names; the bundler tells a global from a local of the same name. */
const forbiddenGlobals = ['console', 'Date', 'eval', 'Function', 'URL', 'URLSearchParams', 'process', 'globalThis']
const marked = Object.fromEntries(forbiddenGlobals.map((name) => [name, `FORBIDDEN_${name}`]))

async function globalsOf(text: string): Promise<string[]> {
  const { code } = await transform(text, { loader: 'ts', define: marked, minifyWhitespace: true })
  return [...new Set(code.match(/FORBIDDEN_\w+/g) ?? [])]
}

table('what core uses of its surroundings', [
  [
    `no source of core meets ${forbiddenGlobals.join(', ')}`,
    async () => {
      const found: string[] = []
      for (const file of filesIn(core, '.ts')) {
        for (const name of await globalsOf(read(file))) found.push(`${file}: ${name}`)
      }
      assert.deepEqual(found, [])
    },
  ],
  [
    'that scan sees a use and no comment, string, local or property',
    async () => {
      const uses = 'console.log(new Date(), eval("1"), new Function("x"), URL.parse, process.env, globalThis.x)'
      assert.equal((await globalsOf(`${uses}; new URLSearchParams()`)).length, forbiddenGlobals.length)
      assert.deepEqual(
        await globalsOf('// Date\nconst s = "Date"; const o = { URL: 1 }; o.URL; { let Date = 1; Date }'),
        [],
      )
    },
  ],
])

const rivals = /^(cors|@fastify\/cors|@koa\/cors|hono|@elysiajs\/cors|jub0bs|express|koa)(\/|$)/
const privateFolders = /(^|\/)(tests|bench|examples)\/|^@safeconduct\/(tests|bench|examples)/

table('the packages', [
  ...doors.map((manifest): Row => {
    const own = manifest.replace('package.json', 'src/')
    const ours = /^@safeconduct\/(?!(core|schemas)(\/|$))/
    return [
      `${own} sees packages by their names, of core only its doors, and no other door of the house`,
      () =>
        none(
          within(own).filter(
            ({ to }) =>
              !to.startsWith(own) && (packageOf(to) === undefined || /\/(dist|src)\//.test(to) || ours.test(to)),
          ),
        ),
    ]
  }),
  [
    'no source leaves its package by a relative path',
    () => none(edges.filter(({ from, to }) => to.startsWith('packages/') && to.split('/')[1] !== from.split('/')[1])),
  ],
  [
    'nothing imports tests, bench or examples',
    () => none([...edges, ...filesIn('scripts', '.mjs').flatMap(edgesOf)].filter(({ to }) => privateFolders.test(to))),
  ],
  [
    "rivals' packages are imported in bench and in tests only",
    () => {
      const examples = exists('examples') ? filesIn('examples', '.ts').flatMap(edgesOf) : []
      none([...edges, ...examples].filter(({ to }) => rivals.test(to)))
    },
  ],
  [
    "rivals' packages are dependencies of bench and tests only",
    () => {
      const found = filesIn('.', 'package.json')
        .filter((file) => !/^(bench|tests)\//.test(file))
        .flatMap((file) => {
          const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(file))
          return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
            .filter((name) => rivals.test(name))
            .map((name) => `${file}: ${name}`)
        })
      assert.deepEqual(found, [])
    },
  ],
])

table('the scan of imports', [
  [
    'knows every form that the formatter leaves',
    () => {
      const text = [
        "import a from 'a'",
        "import 'b'",
        "import * as c from 'c'",
        "import d, { e } from 'd'",
        "import {\n  f,\n  type G,\n} from 'e'",
        "import type { H } from 'f'",
        "import type I from 'g'",
        "export * from 'h'",
        "export * as j from 'i'",
        "export type { K } from 'j'",
        "export const z = 'not'",
        "const m = await import('k')",
        "// import n from 'not'",
      ].join('\n')
      assert.equal(
        importsOf(text)
          .map(({ specifier }) => specifier)
          .sort()
          .join(''),
        'abcdefghijk',
      )
      assert.equal(
        importsOf(text)
          .filter(({ typeOnly }) => typeOnly)
          .map(({ specifier }) => specifier)
          .join(''),
        'fgj',
      )
    },
  ],
  [
    'sees every import that a bundler sees in the sources',
    async () => {
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: [...sources],
        outdir: 'unwritten',
        bundle: true,
        format: 'esm',
        packages: 'external',
        metafile: true,
        write: false,
        logLevel: 'silent',
      })
      const seen = new Set(edges.map(({ from, to }) => `${from} ${to}`))
      const bundled = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
        imports.map(({ path }) => `${from} ${path}`),
      )
      assert.ok(bundled.length > 0)
      assert.deepEqual(
        bundled.filter((edge) => !seen.has(edge)),
        [],
      )
    },
  ],
])
