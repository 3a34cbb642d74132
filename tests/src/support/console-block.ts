/** Blocks of a page that show a console: prompts, and what is printed below each. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Place, wordsOf } from './command.js'
import type { Block } from './page.js'
import { root } from './sources.js'
import type { Row } from './table.js'

/** The file that a block shows, if any. */
export function nameOf({ words }: Block): string | undefined {
  return words.find((word) => word.includes('.'))
}

/** A prompt and what is printed below it. */
function* commandsOf({ text }: Block): Iterable<{ readonly command: string; readonly printed: string }> {
  for (const part of text.split(/^\$ /m).slice(1)) {
    const [command = '', ...lines] = part.split('\n')
    yield { command, printed: lines.join('\n').trimEnd() }
  }
}

/** `safeconduct` is called in process; with a pipe, or another program, by a shell. */
async function printedBy(place: Place, command: string): Promise<{ readonly code: number; readonly out: string }> {
  const [first, ...args] = wordsOf(command.replace(/^npx (?=safeconduct )/, ''))
  if (first === 'safeconduct' && !command.includes('|')) {
    const { code, out, err } = await place.run(args)
    return { code, out: out + err }
  }
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
  const options = { cwd: place.folder, encoding: 'utf8', env: { PATH: path } } as const
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
  return { code: status ?? -1, out: stdout + stderr }
}

/** Its commands, run in their order in a folder; they print what the block says, and end as it says. */
export function consoleRow(place: Place, block: Block): Row {
  const expected = Number(block.words.find((word) => word.startsWith('exit-'))?.slice('exit-'.length) ?? 0)
  return [
    `${block.page}:${block.line} prints what it says`,
    async () => {
      for (const { command, printed } of commandsOf(block)) {
        const { code, out } = await printedBy(place, command)
        assert.equal(out.trimEnd(), printed, command)
        assert.equal(code, expected, command)
      }
    },
  ]
}
