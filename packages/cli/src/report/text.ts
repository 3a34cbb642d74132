/** For people: findings with the lines that they are about, on a terminal in colour. */
import type { Severity } from '@safeconduct/core'
import pc from 'picocolors'
import { safeLine } from '../terminal-text.js'
import type { Finding, Line, Report, Tone } from './report.js'

type Paint = (text: string) => string
type Frame = (source: string, finding: Finding) => string

export async function text(
  { findings, lines, isSummed, texts, summary, failed }: Report,
  colour: boolean,
): Promise<string> {
  const paint = pc.createColors(colour)
  const tones = tonesOf(paint)
  const severities: Readonly<Record<Severity, Paint>> = { error: paint.red, warning: paint.yellow, info: paint.cyan }
  // A frame helps eyes, and is in the way of whatever reads a pipe line by line.
  const frame = colour && lines === undefined ? await framer() : undefined
  const told = findings.map((finding) => {
    const { severity, code, message, file } = finding
    const head = `${paint.bold(place(finding))} ${severities[severity](severity)} ${paint.bold(safeLine(code))}: ${safeLine(message)}`
    const source = texts?.get(file)
    return frame !== undefined && source !== undefined && finding.position
      ? `${head}\n${frame(source, finding)}\n`
      : head
  })
  const verdict = failed ? paint.red : paint.green
  const shown = lines === undefined ? told : lines.flatMap((line) => rendered(line, 0, tones))
  return `${[...shown, ...(isSummed === true ? [] : [verdict(safeLine(summary))])].join('\n')}\n`
}

function tonesOf(paint: ReturnType<typeof pc.createColors>): Readonly<Record<Tone, Paint>> {
  return {
    heading: paint.bold,
    alarm: (line) => paint.bold(paint.red(line)),
    pass: (line) => `${paint.green('✔')} ${line}`,
    fail: (line) => `${paint.red('✘')} ${line}`,
    plain: (line) => line,
    quiet: paint.dim,
  }
}

function rendered(
  { text: line, tone = 'plain', below = [] }: Line,
  depth: number,
  tones: Readonly<Record<Tone, Paint>>,
): string[] {
  const indent = '  '.repeat(depth)
  const own = line === '' ? '' : `${indent}${tones[tone](safeLine(line))}`
  return [own, ...below.flatMap((each) => rendered(each, depth + 1, tones))]
}

function place({ file, position, pointer }: Finding): string {
  if (position) return `${safeLine(file)}:${position.line}:${position.column}`
  return pointer ? `${safeLine(file)}${safeLine(pointer)}` : safeLine(file)
}

async function framer(): Promise<Frame> {
  const { codeFrameColumns } = await import('@babel/code-frame')
  return (source, { position }) => {
    const shown = source
      .replace(/^\ufeff/, '')
      .split(/\r\n|[\n\r]/)
      .map(safeLine)
      .join('\n')
    return codeFrameColumns(shown, { start: position ?? { line: 1, column: 1 } }, { linesAbove: 1, linesBelow: 1 })
  }
}
