/**
 * Where a page's code is run as printed. Each page has a folder; a block that names a file (`ts server.ts`) is written
 * under that name, so that blocks can refer to each other; one that `continues` is joined to the code block above it.
 * The folder's node_modules is that of the tests, so that packages are found as a reader's project finds them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Block } from './page.js'
import { root } from './sources.js'

/** Blocks whose code is compiled and run. */
export function isCode({ language }: Block): boolean {
  return language === 'ts' || language === 'js'
}

export interface Workshop {
  readonly folder: string
  readonly programs: readonly Program[]
  /** What the compiler says, in the pages' own lines; empty if nothing. */
  readonly complaints: string
}

export interface Program {
  readonly page: string
  readonly line: number
  /** Where it is written, from the workshop's folder. */
  readonly file: string
  readonly text: string
}

function folderOf(page: string): string {
  return page.replace(/\.md$/, '').replaceAll('/', '-')
}

function fileName(block: Block): string | undefined {
  return block.words.find((word) => word.includes('.'))
}

/** Blank lines before the text make a compiler's line that of the page. */
function programsOf(blocks: readonly Block[]): Program[] {
  const programs: Program[] = []
  for (const block of blocks.filter(isCode)) {
    const above = programs.at(-1)
    const joined = block.words.includes('continues') && above?.page === block.page
    const before = joined ? above.text : ''
    const text = `${before}${'\n'.repeat(Math.max(0, block.line - 1 - before.split('\n').length + 1))}${block.text}\n`
    const file = `${folderOf(block.page)}/${fileName(block) ?? `line-${block.line}.${block.language}`}`
    if (joined) programs.splice(-1, 1, { ...above, text })
    else programs.push({ page: block.page, line: block.line, file, text })
  }
  return programs
}

/** Writes all blocks and makes JavaScript of them. */
export function openWorkshop(blocks: readonly Block[]): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-pages-'))
  symlinkSync(join(root, 'tests/node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const programs = programsOf(blocks)
  const data = blocks
    .filter((block) => !isCode(block))
    .flatMap((block) => {
      const name = fileName(block)
      return name === undefined ? [] : [{ file: `${folderOf(block.page)}/${name}`, text: `${block.text}\n` }]
    })
  for (const { file, text } of [...programs, ...data]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const options = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    composite: false,
    incremental: false,
    rootDir: '.',
    outDir: '.',
  }
  const files = programs.map(({ file }) => file).filter((file) => file.endsWith('.ts'))
  if (files.length === 0) return { folder, programs, complaints: '' }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder, encoding: 'utf8' })
  return { folder, programs, complaints: `${tsc.error ?? ''}${tsc.stdout}${tsc.stderr}` }
}

/** A server that a page starts takes a free port and does not keep the process. */
const preload = `
  import net from 'node:net'
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function (first, ...rest) {
    this.unref()
    return listen.call(this, typeof first === 'object' ? { ...first, port: 0 } : 0, ...rest)
  }`

/** Runs a program in its page's folder; anything but exit code 0 within two minutes throws what it wrote. */
export function perform({ folder }: Workshop, { file, page, line }: Program): void {
  const script = join(folder, file.replace(/\.ts$/, '.js'))
  const run = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, script], {
    cwd: dirname(script),
    encoding: 'utf8',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  if (run.status !== 0) {
    throw new Error(`${page}:${line} ends with ${run.status ?? run.signal}\n${run.stdout}${run.stderr}`)
  }
}

export function closeWorkshop({ folder }: Workshop): void {
  rmSync(folder, { recursive: true })
}
