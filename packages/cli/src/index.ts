/** The command as a function, for programs that embed it. */
export { type ExitCode, exit } from './exit.js'
export type { Io, Progress } from './io.js'
export { run } from './program.js'
