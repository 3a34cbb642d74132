/** The files that the command line names: files, folders, globs, or by convention all below the working directory. */
import { stat } from 'node:fs/promises'
import { posix, resolve } from 'node:path'
import { CannotRun } from './exit.js'
import type { Io } from './io.js'

/** A kind of file, by the convention of its name. */
export interface Kind {
  readonly what: string
  readonly pattern: string
  /** What a glob of the user's finds beside. */
  readonly unless?: RegExp
}

const suiteName = /\.cors\.test\.(?:jsonc?|ya?ml)$/i

export const policies: Kind = { what: 'policy', pattern: '**/*.cors.{json,jsonc,yaml,yml}', unless: suiteName }
export const suites: Kind = { what: 'suite', pattern: '**/*.cors.test.{json,jsonc,yaml,yml}' }

export function isSuiteName(file: string): boolean {
  return suiteName.test(file)
}

/** By the same convention; a suite's is none. */
export function isPolicyName(file: string): boolean {
  return /\.cors\.(?:jsonc?|ya?ml)$/i.test(file)
}

/**
 * Each once: names in the order given, what a folder or a glob holds sorted.
 *
 * @throws CannotRun where a file is missing, and where a folder or a glob holds none, unless it may be empty.
 */
export async function filesNamed(
  names: readonly string[],
  kind: Kind,
  io: Io,
  mayBeEmpty = false,
): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const name of names.length === 0 ? ['.'] : names) {
    const here = await kindOf(name, io)
    if (here === 'file') found.add(name)
    else {
      const pattern = here === 'folder' ? posix.join(escaped(name), kind.pattern) : name
      if (here === undefined && !isGlob(name)) throw new CannotRun(`there is no file ${name}`)
      const matched = await matches(pattern, kind, io)
      if (matched.length === 0 && !mayBeEmpty) throw new CannotRun(nothing(name, here, kind))
      for (const file of matched) found.add(file)
    }
  }
  return [...found]
}

function nothing(name: string, here: 'folder' | undefined, { what, pattern }: Kind): string {
  const where = name === '.' ? 'here or below' : `in ${name}`
  return here === 'folder'
    ? `there is no ${what} ${where}; by convention it is named ${pattern.replace('**/', '')}`
    : `no ${what} matches ${name}`
}

async function kindOf(name: string, io: Io): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(resolve(io.cwd, name))).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    // Whatever else keeps it from being looked at is told when it is read.
    return isMissing(error) ? undefined : 'file'
  }
}

export function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG'
}

export function isGlob(name: string): boolean {
  return /[*?[\]{}!()]/.test(name)
}

function escaped(folder: string): string {
  return folder.replace(/[*?[\]{}!()\\]/g, '\\$&')
}

async function matches(pattern: string, { unless }: Kind, { cwd }: Io): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby')
  const options = {
    cwd,
    ignore: ['**/node_modules/**'],
    onlyFiles: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  }
  const found = await glob([pattern], options)
  return found.filter((file) => unless?.test(file) !== true).sort()
}
