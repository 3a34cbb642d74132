/** `safeconduct init`: a policy to start from, with comments, and its tests. */
import { writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { CannotRun, Usage } from '../exit.js'
import type { Io } from '../io.js'
import type { Report } from '../report/report.js'
import { starterPolicy, starterSuite } from '../starter.js'

export interface InitOptions {
  /** Write over files that are there. */
  readonly force?: boolean
}

export async function initCommand(given: string, { force = false }: InitOptions, io: Io): Promise<Report> {
  const name = given.replace(/\.cors(?:\.test)?\.(?:jsonc?|ya?ml)$/i, '')
  const base = basename(name)
  if (!/^[\w][\w.-]*$/.test(base) || name.endsWith('/'))
    throw new Usage(`\`${given}\` makes no name of a file; use letters, digits, dots and dashes`)
  const files = [
    [`${name}.cors.yaml`, starterPolicy],
    [`${name}.cors.test.yaml`, starterSuite(`${base}.cors.yaml`)],
  ] as const
  for (const [file, text] of files) await write(file, text, force, io)
  const names = files.map(([file]) => file)
  return {
    command: 'init',
    files: names,
    findings: [],
    outcomes: [],
    summary: `wrote ${names.join(' and ')}; next: edit them, safeconduct check, safeconduct test`,
    failed: false,
  }
}

async function write(file: string, text: string, force: boolean, io: Io): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, file), text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
    const message = error instanceof Error ? error.message : String(error)
    throw new CannotRun(reasons[code]?.(file) ?? `cannot write ${file}: ${message}`)
  }
}

const reasons: Readonly<Record<string, (file: string) => string>> = {
  EEXIST: (file) => `${file} is there already; --force writes over it`,
  ENOENT: (file) => `cannot write ${file}: there is no folder ${dirname(file)}`,
  ENOTDIR: (file) => `cannot write ${file}: ${dirname(file)} is no folder`,
  EISDIR: (file) => `${file} is a folder`,
  EACCES: (file) => `${file} may not be written: permission denied`,
}
