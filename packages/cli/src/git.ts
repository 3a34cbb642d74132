/** A file as it was in another revision. */
import { execFile } from 'node:child_process'
import { basename, dirname, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { CannotRun, Usage } from './exit.js'
import type { Io } from './io.js'

const run = promisify(execFile)

/** One byte more than a policy may have. */
const mostBytes = (4 << 20) + 1

/** The text of `file` at `revision`; `undefined` if it did not exist there. */
export async function fileAt(revision: string, file: string, io: Io): Promise<string | undefined> {
  // Git would take it for an option; what follows is handed over behind --end-of-options, or as a hash.
  if (revision === '' || revision.startsWith('-')) throw new Usage(`${revision || "''"} is no revision of git`)
  const absolute = resolve(io.cwd, file)
  // In a hook git says itself where the repository is, and then takes the working directory for its top.
  const isHook = io.env.GIT_DIR !== undefined
  const folder = isHook ? io.cwd : dirname(absolute)
  const path = isHook ? relative(io.cwd, absolute) : basename(absolute)
  const git = caller(folder, io)
  const unknown = `git knows no revision ${revision}`
  const commit = (
    await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], unknown)
  ).trim()
  const listed = await git(['ls-tree', '-z', commit, '--', `./${path}`], `git cannot list ${revision}`)
  const [, type, hash] = /^\d+ (\w+) ([0-9a-f]+)\t/.exec(listed) ?? []
  if (hash === undefined) return undefined
  if (type !== 'blob') throw new CannotRun(`${file} is no file at ${revision}`)
  return git(['cat-file', 'blob', hash], `git cannot show ${file} at ${revision}`)
}

function caller(cwd: string, { env }: Io): (args: readonly string[], complaint: string) => Promise<string> {
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
