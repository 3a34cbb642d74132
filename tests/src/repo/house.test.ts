/** The order of the house: where tests stand, how long a file is, what is tracked. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { exists, filesIn, importsOf, read, root, trackedFiles } from '../support/sources.js'
import { table } from '../support/table.js'

const testFiles = filesIn('tests/src', '.test.ts')
const mirrored = filesIn('packages', 'package.json').map((file) => file.split('/')[1] ?? '')
/** Folders of tests that mirror nothing: promises of the repository, examples, the tests' support, fuzzing, real browsers. */
const free = ['repo', 'examples', 'support', 'fuzz', 'browsers']

table('the tree of tests', [
  [
    'a test of a package is named after the source that it tests: x.test.ts, or x.aspect.test.ts',
    () => {
      const stray = mirrored
        .filter((name) => exists(`tests/src/${name}`))
        .flatMap((name) =>
          filesIn(`tests/src/${name}`, '.test.ts').filter((file) => {
            const source = file.slice(`tests/src/${name}/`.length).replace(/(\.[\w-]+)?\.test\.ts$/, '.ts')
            return !exists(`packages/${name}/src/${source}`)
          }),
        )
      assert.deepEqual(stray, [])
    },
  ],
  [
    `every other test stands in ${free.join(', ')}`,
    () => {
      const known = [...mirrored, ...free]
      assert.deepEqual(
        testFiles.filter((file) => !known.includes(file.split('/')[2] ?? '')),
        [],
      )
    },
  ],
  [
    'every test file goes through table(), and only table() meets uvu',
    () => {
      const imports = (file: string) => importsOf(read(file)).map(({ specifier }) => specifier)
      assert.deepEqual(
        testFiles.filter((file) => !imports(file).some((specifier) => /\/(browser-)?table\.js$/.test(specifier))),
        [],
      )
      assert.deepEqual(
        filesIn('tests/src', '.ts').filter((file) => imports(file).includes('uvu')),
        ['tests/src/support/table.ts'],
      )
    },
  ],
])

const registries = new RegExp(['npmjs', 'yarnpkg', 'npmmirror'].map((name) => `registry\\.${name}\\.`).join('|'))
const text = trackedFiles().filter((file) => !/\.(png|ico|woff2?)$/.test(file))

table('what is tracked', [
  [
    'git lists the files of this repository',
    () => assert.ok(text.includes('package.json') && text.includes('pnpm-lock.yaml'), 'not a git repository?'),
  ],
  [
    'no source is longer than 300 lines',
    () => {
      const long = filesIn('packages', '.ts')
        .filter((file) => file.includes('/src/') && !file.endsWith('.generated.ts'))
        .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
        .filter(({ lines }) => lines > 300)
      assert.deepEqual(long, [])
    },
  ],
  [
    'nothing generated, built or installed is tracked',
    () => {
      const made = /(^|\/)(node_modules|dist|coverage)\/|\.generated\.|\.tsbuildinfo$|\.tgz$/
      const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
      assert.deepEqual(
        [...text, ...tracked].filter((file) => made.test(file)),
        [],
      )
    },
  ],
  [
    'no tracked file names the host of a registry, or the folder in which this copy lies',
    () => {
      assert.deepEqual(
        text.filter((file) => registries.test(read(file)) || read(file).includes(root)),
        [],
      )
    },
  ],
  ['the lock file has no URL', () => assert.doesNotMatch(read('pnpm-lock.yaml'), /https?:|tarball/)],
  [
    'every workspace package has the one version, the licence and a fixed version of each dependency',
    () => {
      const { version } = JSON.parse(read('packages/core/package.json'))
      for (const file of ['schemas/package.json', ...filesIn('packages', 'package.json')]) {
        const manifest = JSON.parse(read(file))
        assert.equal(manifest.version, version, file)
        assert.equal(manifest.license, 'MIT', file)
      }
      for (const file of filesIn('.', 'package.json')) {
        const { dependencies, devDependencies } = JSON.parse(read(file))
        for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies })) {
          assert.match(String(wanted), /^(\d+\.\d+\.\d+|workspace:\*)$/, `${file}: ${name}`)
        }
      }
    },
  ],
  [
    'the changelog begins with the version of the packages',
    () => {
      const { version } = JSON.parse(read('packages/core/package.json'))
      assert.equal(read('CHANGELOG.md').match(/^## (\S+)/m)?.[1], version)
    },
  ],
])
