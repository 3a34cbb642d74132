/** What a command found out, before it is put in any format. */
import type { Position, Severity, Witness } from '@safeconduct/core'

/** One thing that is wrong, or worth a look. */
export interface Finding {
  /** A diagnostic's code, or one of `safeconduct`'s own: docs/cli.md lists them. */
  readonly code: string
  readonly severity: Severity
  /** One line, what the user wrote in backticks. */
  readonly message: string
  readonly file: string
  readonly pointer?: string
  readonly position?: Position
  readonly fix?: string
  readonly remove?: true
  readonly witness?: Witness
}

/** A named check that passed or failed, for JUnit and TAP. */
export interface Outcome {
  readonly name: string
  readonly file: string
  /** Why it failed; several lines. */
  readonly failure?: string
}

/** `pass` and `fail` have a mark of their own; `alarm` is a heading that is to be seen first. */
export type Tone = 'heading' | 'alarm' | 'pass' | 'fail' | 'plain' | 'quiet'

/** A line for people, with what belongs below it. */
export interface Line {
  readonly text: string
  readonly tone?: Tone
  readonly below?: readonly Line[]
}

export interface Report {
  readonly command: string
  /** The files that were looked at, as they were named or found. */
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  readonly outcomes: readonly Outcome[]
  /** One line. */
  readonly summary: string
  /** What people are told instead of the list of findings. */
  readonly lines?: readonly Line[]
  /** `lines` say what `summary` says. */
  readonly isSummed?: boolean
  /** The same for a pull request, where a list of lines would not do. */
  readonly markdown?: string
  /** Texts of files for code frames, by name. */
  readonly texts?: ReadonlyMap<string, string>
  /** Whether the command's answer is "something is wrong" (exit code 3). */
  readonly failed: boolean
  /** What the json format adds: plain data, as `schemas/report.v1.schema.json` says for the command. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** `3 errors`, `1 error`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
