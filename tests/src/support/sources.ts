/** The repository as its own tests read it: files, and what each imports. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder. Compiled, this file lies in tests/dist/support. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

export function exists(path: string): boolean {
  return existsSync(join(root, path))
}

const skipped = ['node_modules', 'dist', 'coverage', '.git']

/** Paths, from the top folder, of the files below a folder, sorted; what is installed or built is left out. */
export function filesIn(folder: string, ending = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : filesIn(path, ending)
      return entry.isFile() && entry.name.endsWith(ending) ? [path] : []
    })
    .sort()
}

/** What git tracks, and what it would track once added. Empty where there is no git repository (a tarball). */
export function trackedFiles(): string[] {
  if (!exists('.git')) return []
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  return list.split('\0').filter((path) => path !== '' && exists(path))
}

export interface Import {
  readonly specifier: string
  /** Erased by the compiler: `import type`, `export type … from`, `import('…').Type`. */
  readonly typeOnly: boolean
}

/**
 * Every import of a TypeScript source that the formatter has been over: statements begin a line. TypeScript 7 has no
 * compiler interface, and a bundler does not see what is only a type; `layers.test.ts` holds this scan against one.
 */
export function importsOf(text: string): Import[] {
  const clause = /^(?:import|export) (type )?(?:[\w$]+(?:, | ))?(?:\* as [\w$]+ |\{[^}]*\} |\* )?from '([^']+)'/gm
  const effect = /^import '([^']+)'/gm
  const dynamic = /\bimport\(\s*'([^']+)'/g
  return [
    ...[...text.matchAll(clause)].map((m) => ({ specifier: m[2] ?? '', typeOnly: m[1] !== undefined })),
    ...[effect, dynamic].flatMap((form) =>
      [...text.matchAll(form)].map((m) => ({ specifier: m[1] ?? '', typeOnly: false })),
    ),
  ]
}

/** The source that a relative specifier in `from` names: `./x.js` is `./x.ts`. Undefined for a package. */
export function sourceOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

/** The package that a bare specifier names: `@a/b/c` is of `@a/b`. Undefined for a relative one. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./]/.test(specifier)) return undefined
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
