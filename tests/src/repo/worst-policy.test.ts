/** The worst policy fires what its comments say, line by line, and nothing else; with the small ones beside it, all codes. */
import assert from 'node:assert/strict'
import { type Diagnostic, diagnosticCodes, PolicyError } from '@safeconduct/core'
import { parsePolicy } from '@safeconduct/core/text'
import { judge, judgeDocument } from '../support/judge.js'
import { filesIn, read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const lines = read('examples/worst-policy.json').split('\n')

/** By line, counted from 1: the codes that the comment behind it names. */
const announced = new Map(
  lines.flatMap((line, i) => {
    const [, codes] = /\S +\/\/ ([a-z-]+(?:, [a-z-]+)*)$/.exec(line) ?? []
    return codes === undefined ? [] : [[i + 1, codes.split(', ')] as const]
  }),
)

/** A text that has one of these is no document yet, so the check comes when their lines are gone. */
const beforeTheCheck = ['duplicate-key', 'unknown-key', 'schema']

function saidOf(text: string): readonly Diagnostic[] {
  try {
    return judgeDocument(parsePolicy(text, { format: 'jsonc' }))
  } catch (thrown) {
    if (thrown instanceof PolicyError) return thrown.diagnostics
    throw thrown
  }
}

function isBeforeTheCheck(line: number): boolean {
  return announced.get(line)?.some((code) => beforeTheCheck.includes(code)) ?? false
}

const withoutThose = lines.map((line, i) => (isBeforeTheCheck(i + 1) ? '' : line)).join('\n')
const said = [...saidOf(lines.join('\n')), ...saidOf(withoutThose)]

/** By line; 0 for what has no place. */
function grouped(diagnostics: readonly Diagnostic[]): Map<number, string[]> {
  const codes = new Map<number, string[]>()
  for (const { position, code } of diagnostics) {
    const line = position?.line ?? 0
    codes.set(line, [...(codes.get(line) ?? []), code])
  }
  return codes
}

/** `line: codes`, in order. */
function byLine(codes: Iterable<readonly [line: number, codes: readonly string[]]>): string[] {
  return [...codes].sort(([a], [b]) => a - b).map(([line, list]) => `${line}: ${[...new Set(list)].sort().join(', ')}`)
}

/** Codes that cannot stand beside others in one text: a file each, named after its code. */
const small = filesIn('examples/worst').map((file) => ({ file, code: file.replace(/^.*\/|\.\w+$/g, '') }))

function languageOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1)
}

table('the lines of the worst policy', [
  [
    'each fires what the comment behind it says, and no other line fires anything',
    () => {
      assert.deepEqual(byLine(grouped(said)), byLine(announced))
    },
  ],
  ...small.map(
    ({ file, code }): Row => [
      `${file} fires its code alone`,
      () => assert.deepEqual([...new Set(judge(read(file), languageOf(file)).map((d) => d.code))], [code]),
    ],
  ),
  [
    'together they fire every code but text-too-large, for that takes 4 MiB',
    () => {
      const fired = new Set([...said.map(({ code }) => code), ...small.map(({ code }) => code), 'text-too-large'])
      assert.deepEqual([...fired].sort(), [...diagnosticCodes].sort())
    },
  ],
])
