/** Colours on a terminal, plain text in a pipe. */
import { createColors } from 'picocolors'

export const pc = createColors(process.stdout.isTTY === true && !process.env.NO_COLOR)
