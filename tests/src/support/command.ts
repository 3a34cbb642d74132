/** The command line in process, with a world of its own: a folder with files, no terminal, a day that stands still. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ExitCode, type Io, run } from '@safeconduct/cli'

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

export interface Place {
  readonly folder: string
  readonly write: (file: string, text: string | Uint8Array) => void
  readonly read: (file: string) => string
  /** The words of a command line without the program's name, as a shell would split it at blanks; or the arguments themselves. */
  readonly run: (command: string | readonly string[], io?: Partial<Io>) => Promise<Ran>
  readonly close: () => void
}

/** A folder with these files. */
export function openPlace(files: Readonly<Record<string, string>> = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-cli-'))
  const write: Place['write'] = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  for (const [file, text] of Object.entries(files)) write(file, text)
  return {
    folder,
    write,
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    run: async (command, io = {}) => {
      const written = { out: '', err: '' }
      const args = typeof command === 'string' ? wordsOf(command) : command
      const code = await run(args, {
        cwd: folder,
        env: { PATH: process.env.PATH },
        colour: false,
        stdin: textStream(''),
        out: (text) => {
          written.out += text
        },
        err: (text) => {
          written.err += text
        },
        today: '2026-01-01',
        ...io,
      })
      return { code, ...written }
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

/** Blanks separate; quotes keep them. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  )
}

export async function* textStream(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text)
}
