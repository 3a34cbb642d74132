/**
 * Joins the modules behind each door of core into a few, in place. Core is many small files, and Node's loader takes about
 * half a millisecond for each: importing them one by one costs a server 36 ms at its start, joined 13.
 *
 * What several doors share goes into modules of their own, so that there is one of everything. tsc's own output stays where
 * it is otherwise, for the tests of inner modules. Its record of the build is removed: the next `tsc -b` writes all of it
 * anew, doors included, and nothing is ever stale.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const core = new URL('../packages/core/', import.meta.url)
const dist = fileURLToPath(new URL('dist', core))
const { exports } = JSON.parse(readFileSync(new URL('package.json', core), 'utf8'))
const doors = Object.values(exports).flatMap((door) => (typeof door === 'string' ? [] : [door.default]))

/** Has every door import the main one. What that needs is then what all need, and so a single module; else it would be five. */
const besideTheEngine = {
  name: 'beside-the-engine',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]src[\\/]\w+[\\/]index\.ts$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\nimport 'the engine'`,
      loader: 'ts',
    }))
    onResolve({ filter: /^the engine$/ }, () => ({ path: fileURLToPath(new URL('src/index.ts', core)) }))
  },
}

for (const file of readdirSync(dist)) if (/^joined-.*\.js(\.map)?$/.test(file)) rmSync(`${dist}/${file}`)
await build({
  absWorkingDir: fileURLToPath(core),
  entryPoints: doors.map((door) => door.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  outdir: 'dist',
  outbase: 'src',
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  chunkNames: 'joined-[hash]',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  // Else an import for its own sake is passed over, the package having no side effects.
  ignoreAnnotations: true,
  plugins: [besideTheEngine],
})
rmSync(`${dist}/.tsbuildinfo`, { force: true })
