/** The command lines of the project's own tools: what they take is checked, and `--help` says it. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * The options that were given, as `parseArgs` has them. `--help` prints the comment at the top of the tool's file, and ends the
 * process; so does an option that there is none of, with exit code 2.
 *
 * @param {string} file URL of the tool.
 * @param {import('node:util').ParseArgsConfig['options']} options
 */
export function commandLine(file, options) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (values.help !== true) return values
    console.log(aboutOf(file))
    process.exit()
  } catch (error) {
    if (!String(error?.code).startsWith('ERR_PARSE_ARGS_')) throw error
    console.error(`${error.message}\n\n${aboutOf(file)}`)
    process.exit(2)
  }
}

/** The first comment of a file, without its stars. */
function aboutOf(file) {
  const [, comment = ''] = /\/\*\*(.*?)\*\//s.exec(readFileSync(new URL(file), 'utf8')) ?? []
  return comment.replaceAll(/^ \* ?/gm, '').trim()
}
