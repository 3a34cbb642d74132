/**
 * A copy of the repository in which every mutant of the chosen sources is there at once, each behind a switch, and the
 * tests hand over their rows in place of running them. The copy is kept: where nothing has changed, it is used again.
 *
 * The library makes the mutants and the switches (https://stryker-mutator.io); its own runner knows neither uvu nor how to run a row alone.
 */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const quiet = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false }
const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false }

/** `sources` are paths from the root, as `packages/core/src/web/path.ts`. Answers the mutants, by those paths. */
export async function openScratch({ root, folder, sources }) {
  const all = sourcesOf(root, [''])
  const stamp = stampOf(root, [...all, ...sources])
  const kept = join(folder, 'mutants.json')
  if (existsSync(kept) && JSON.parse(readFileSync(kept, 'utf8')).stamp === stamp) {
    copyTests(root, folder)
    return { ...JSON.parse(readFileSync(kept, 'utf8')), tests: testsOf(root) }
  }
  // Loaded where they are needed, since that takes longer than a run that goes on from another.
  const [{ Instrumenter }, { transform }] = await Promise.all([
    import('@stryker-mutator/instrumenter'),
    import('esbuild'),
  ])
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  copyTree(root, folder)
  copyTests(root, folder)
  const texts = sources.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), 'utf8') }))
  const { files, mutants } = await new Instrumenter(quiet).instrument(texts, options)
  const switched = new Map(files.map(({ name, content }) => [name, countedOnDemand(name, content)]))
  await Promise.all(
    all.map(async (name) => {
      const text = switched.get(name) ?? readFileSync(join(root, name), 'utf8')
      const { code } = await transform(text, {
        loader: 'ts',
        target: 'es2022',
        sourcefile: name,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      })
      const file = join(folder, name.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, code)
    }),
  )
  const scratch = { stamp, mutants: mutants.map((mutant) => described(mutant, texts)) }
  writeFileSync(kept, JSON.stringify(scratch))
  return { ...scratch, tests: testsOf(root) }
}

/** Compiled test files, each with a stamp that changes with it or with what tests share. */
function testsOf(root) {
  const shared = stampOf(root, below(join(root, 'tests/dist/support'), 'tests/dist/support', '.js'))
  return below(join(root, 'tests/src'), 'tests/dist', '.test.ts')
    .map((name) => name.replace(/\.ts$/, '.js'))
    .filter((name) => existsSync(join(root, name)))
    .map((file) => ({ file, stamp: `${stampOf(root, [file])} ${shared}` }))
}

function copyTests(root, folder) {
  for (const path of ['tests/dist', 'tests/corpus']) copyInto(root, folder, path)
  cpSync(new URL('rows.mjs', import.meta.url), join(folder, 'tests/dist/support/table.js'))
}

/** Lines and columns from 1. The key stays the same as long as the file does. */
function described({ id, fileName, location: { start, end }, mutatorName, replacement }, texts) {
  const lines = texts.find(({ name }) => name === fileName).content.split('\n')
  const original = lines
    .slice(start.line, end.line + 1)
    .map((line, i, { length }) => line.slice(i === 0 ? start.column : 0, i === length - 1 ? end.column : undefined))
    .join('\n')
  const key = [start.line + 1, start.column + 1, mutatorName, original, replacement].join(':')
  return { id, key, file: fileName, line: start.line + 1, mutator: mutatorName, original, replacement }
}

/** Counting how often a mutant is reached is wanted once, and then it is to cost little. */
function countedOnDemand(name, content) {
  if (!content.includes('stryMutAct_9fa48')) return content
  const counter = '(...ids) => { for (const id of ids) ns.counters[+id]++ }'
  const counted = content
    .replace('stryCov_9fa48 = cover;', `stryCov_9fa48 = ns.counters ? ${counter} : () => {};`)
    .replace('cover.apply(null, arguments);', 'stryCov_9fa48.apply(null, arguments);')
  if (counted === content) throw new Error(`${name}: the instrumenter's header is not as it was`)
  return counted
}

function packagesOf(root) {
  return readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'src')))
}

/** Sources only, sorted, with the prefix before them. */
function below(folder, prefix, ending = '.ts') {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith('.d.ts'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .map((name) => (prefix === '' ? name : `${prefix}/${name}`))
    .sort()
}

/** Links stay relative, so that a package of the workspace is the copy, and any other the real one. */
function copyTree(root, folder) {
  if (existsSync(join(root, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const name of packagesOf(root)) {
    copyInto(root, folder, `packages/${name}/package.json`)
    copyInto(root, folder, `packages/${name}/node_modules`)
    // For tests that read sources.
    copyInto(root, folder, `packages/${name}/src`)
  }
  for (const path of ['package.json', 'schemas', 'examples', 'tests']) copyInto(root, folder, path)
}

function copyInto(root, folder, path) {
  if (!existsSync(join(root, path))) return
  cpSync(join(root, path), join(folder, path), { recursive: true, verbatimSymlinks: true })
}

function stampOf(root, names) {
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(readFileSync(join(root, name)))
  return hash.digest('hex').slice(0, 16)
}

/** The sources that may be mutated whose path has one of the parts in it. */
export function sourcesOf(root, parts) {
  return packagesOf(root)
    .flatMap((name) => below(join(root, 'packages', name, 'src'), `packages/${name}/src`))
    .filter((name) => parts.some((part) => name.includes(part)))
}

/** What a file's results hold for. */
export function stampOfFile(root, name) {
  return stampOf(root, [name])
}
