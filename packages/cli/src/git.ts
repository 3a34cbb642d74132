/** Files as they were in another revision. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { CannotRun, Usage } from './exit.js'
import { isGlob } from './files.js'
import type { Io } from './io.js'

const run = promisify(execFile)

/** One byte more than a policy may have. */
const mostBytes = (4 << 20) + 1

/** The text of `file` at `revision`; `undefined` if it did not exist there. */
export async function fileAt(revision: string, file: string, io: Io): Promise<string | undefined> {
  const absolute = resolve(io.cwd, file)
  // In a hook git says itself where the repository is, and then takes the working directory for its top.
  const isFromHere = io.env.GIT_DIR !== undefined || !existsSync(dirname(absolute))
  const git = caller(isFromHere ? io.cwd : dirname(absolute), io)
  const path = isFromHere ? relative(io.cwd, absolute) : basename(absolute)
  const commit = await commitOf(revision, git)
  const listed = await git(['ls-tree', '-z', commit, '--', `./${path}`], `git cannot list ${revision}`)
  const [, type, hash] = /^\d+ (\w+) ([0-9a-f]+)\t/.exec(listed) ?? []
  if (hash === undefined) return undefined
  if (type !== 'blob') throw new CannotRun(`${file} is no file at ${revision}`)
  return git(['cat-file', 'blob', hash], `git cannot show ${file} at ${revision}`)
}

/**
 * The files that were there at `revision` and are not now, of those that the names stand for: files, folders and globs, from
 * the working directory. None where that is in no repository.
 */
export async function goneSince(revision: string, names: readonly string[], io: Io): Promise<readonly string[]> {
  const git = caller(io.cwd, io)
  if (!(await isRepository(git))) return []
  const commit = await commitOf(revision, git)
  const within = names.length === 0 ? ['.'] : names.filter((name) => isBelow(name, io)).map(pathspecOf)
  if (within.length === 0) return []
  // The index is read and left alone, and no program that a configuration names is run.
  const quietly = ['--no-optional-locks', '-c', 'core.fsmonitor=false']
  const gone = [
    ...quietly,
    'diff',
    '--name-only',
    '--no-renames',
    '--diff-filter=D',
    '--relative',
    '-z',
    commit,
    '--',
    ...within,
  ]
  const files = (await git(gone, `git cannot compare with ${revision}`)).split('\0')
  return files.filter((file) => file !== '' && !existsSync(resolve(io.cwd, file)))
}

function isBelow(name: string, { cwd }: Io): boolean {
  const place = relative(cwd, resolve(cwd, name))
  return place !== '..' && !place.startsWith('../') && !isAbsolute(place)
}

/** Git, "pathspec" in its glossary. */
function pathspecOf(name: string): string {
  return isGlob(name) ? `:(glob)${name}` : `:(literal)${name}`
}

async function isRepository(git: Git): Promise<boolean> {
  try {
    return (await git(['rev-parse', '--is-inside-work-tree'], '')).trim() === 'true'
  } catch (error) {
    if (error instanceof CannotRun) return false
    throw error
  }
}

async function commitOf(revision: string, git: Git): Promise<string> {
  // Git would take it for an option; what follows is handed over behind --end-of-options, or as a hash.
  if (revision === '' || revision.startsWith('-')) throw new Usage(`${revision || "''"} is no revision of git`)
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  return (await git(args, `git knows no revision ${revision}`)).trim()
}

type Git = (args: readonly string[], complaint: string) => Promise<string>

function caller(cwd: string, { env }: Io): Git {
  return async (args, complaint) => {
    try {
      return (await run('git', args, { cwd, env: { ...env }, maxBuffer: mostBytes })).stdout
    } catch (error) {
      throw new CannotRun(reasonOf(error, complaint))
    }
  }
}

function reasonOf(error: unknown, complaint: string): string {
  const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: unknown }
  if (code === 'ENOENT') return 'git is not installed, or the folder of the file does not exist'
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${complaint}: it is larger than 4 MiB`
  const said = typeof stderr === 'string' ? stderr.trim() : ''
  return said === '' ? complaint : `${complaint}: ${said}`
}
