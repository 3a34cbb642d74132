/** Exit codes of the command. */
export const exit = {
  clean: 0,
  /** A file cannot be read, git fails: the question was not answered. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** The question was answered, and the answer is that something is wrong. */
  findings: 3,
} as const

export type ExitCode = (typeof exit)[keyof typeof exit]

/** The question could not be answered; the message says why. */
export class CannotRun extends Error {
  override readonly name: string = 'CannotRun'
}

/** The command line makes no sense. */
export class Usage extends Error {
  override readonly name = 'Usage'
}
