/**
 * The command line: verbs, options, help; what a verb reports is put in the format asked for. A verb's code is brought in
 * when it is called, so that none pays for what another needs.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { builtIn } from './built-in.js'
import { schemas } from './commands/schema.js'
import { completionScript, shells } from './completion.js'
import { CannotRun, type ExitCode, exit, Usage } from './exit.js'
import { folds } from './folds.js'
import type { Io } from './io.js'
import { withProgress } from './progress.js'
import { type Format, formats, formatted } from './report/formats.js'
import type { Report } from './report/report.js'
import { safeText } from './terminal-text.js'
import { verbsOf } from './verbs.js'
import { version } from './version.js'

/** Runs a command line, without the name of the program. Never throws, never exits. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exit.clean
  let verb = ''
  const program = programFor(io, (result) => {
    code = result
  }).hook('preAction', (_, action) => {
    verb = action.name()
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.clean : exit.usage
    return refused(error, verb, io)
  }
}

function refused(error: unknown, verb: string, io: Io): ExitCode {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Usage || error instanceof CannotRun) {
    const isUsage = error instanceof Usage
    io.err(`safeconduct: ${safeText(message)}\n${isUsage ? `${showsHow(verb)}\n` : ''}`)
    return isUsage ? exit.usage : exit.failed
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message
  io.err(`safeconduct: this is a fault of the program itself, please report it\n${safeText(stack)}\n`)
  return exit.failed
}

/** Where help is, behind whatever the command line is told to be wrong with. */
function showsHow(verb: string): string {
  return `(safeconduct help ${verb} shows how)`
}

type Done = (code: ExitCode) => void

function programFor(io: Io, done: Done): Command {
  const program = new Command('safeconduct')
    .description('CORS policy as code: check, explain, test, compare and prove policy files.')
    .version(version)
    .showHelpAfterError('(safeconduct --help shows the commands)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(safeText(text)),
      writeErr: (text) => io.err(safeText(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'safeconduct: ')),
    })
    .addHelpText('after', exits)
  addCheck(program, io, done)
  addTest(program, io, done)
  addExplain(program, io, done)
  addCompare(program, io, done)
  addProve(program, io, done)
  addInit(program, io, done)
  addSchema(program, io)
  addCompletion(program, io)
  for (const verb of program.commands) verb.copyInheritedSettings(program).showHelpAfterError(showsHow(verb.name()))
  return program
}

const exits = '\nExit codes: 0 clean, 1 could not run, 2 usage, 3 findings.'

/** The verb's report in the format asked for, and its exit code. */
async function report(verb: string, format: Format, io: Io, done: Done, make: () => Promise<Report>): Promise<void> {
  const made = await withProgress(verb, io, make)
  io.out(await formatted(made, format, io.colour))
  done(made.failed ? exit.findings : exit.clean)
}

function formatOption(...offered: readonly Format[]): Option {
  return new Option('--format <format>', 'how to report').choices(offered).default('text')
}

function addCheck(program: Command, io: Io, done: Done): void {
  const severities = ['error', 'warning', 'info']
  program
    .command('check')
    .description('tell everything that is wrong with policies')
    .argument('[files...]', 'files, folders or globs; by default all *.cors.{json,jsonc,yaml,yml} here and below')
    .option('--merge', 'the files are one policy, written by several teams')
    .option('--fix', 'apply the fixes that are offered')
    .addOption(new Option('--fail-on <severity>', 'the least severity that fails').choices(severities).default('error'))
    .addOption(formatOption(...formats))
    .addHelpText(
      'after',
      examples('check', 'check shop.cors.yaml --fix', "check 'policies/*.cors.yaml' --merge --format github"),
    )
    .action((files, options) =>
      report('check', options.format, io, done, async () => {
        const { checkCommand } = await import('./commands/check.js')
        return checkCommand(files, options, io)
      }),
    )
}

function addTest(program: Command, io: Io, done: Done): void {
  program
    .command('test')
    .description('run the tests of policies')
    .argument('[suites...]', 'files, folders or globs; by default all *.cors.test.{json,yaml} here and below')
    .option('--coverage', 'tell which classes of requests no test visits')
    .option('--coverage-threshold <percent>', 'fail below this coverage', percent)
    .option('--suggest', 'print the cases that are missing; for a policy without a suite, the whole suite')
    .addOption(formatOption(...formats))
    .addHelpText(
      'after',
      examples(
        'test',
        'test shop.cors.test.yaml --coverage-threshold 90 --format junit',
        'test --suggest shop.cors.yaml',
      ),
    )
    .action(async (files, options) => {
      if (options.suggest === true) {
        const { suggestions } = await import('./commands/suggest.js')
        return io.out(await withProgress('test', io, () => suggestions(files, io)))
      }
      await report('test', options.format, io, done, async () => {
        const { testCommand } = await import('./commands/test.js')
        return testCommand(files, options, io)
      })
    })
}

function addExplain(program: Command, io: Io, done: Done): void {
  program
    .command('explain')
    .description('tell why a request is decided as it is')
    .argument('<policy>', 'the policy file')
    .argument('[request...]', 'a path or URL, or a method and one')
    .option('--origin <origin>', 'the origin of the page that asks')
    .option('--preflight', 'explain the preflight that announces the method')
    .option('--request-headers <names>', 'the header names that the preflight asks for, with commas between them')
    .option('-X, --request <method>', 'the method, as curl has it')
    .option('-H, --header <line>', "a header, as curl has it: 'Origin: https://shop.example.com'", collected)
    .option('--paste <file>', 'explain a curl command or a HAR file, copied from a browser; - reads standard input')
    .option('--rule <id>', 'the rule that the route names')
    .option('--no-rule', 'the route says that nobody is allowed')
    .option('--served <methods>', 'what the router serves there, with commas; by default the method that is asked for')
    .option('--external <group=origin>', 'an origin that an external group holds; may stand several times', collected)
    .addOption(new Option('--fold <what...>', 'how the router folds paths').choices(Object.keys(folds)))
    .option('--split-by-method', 'routes of one path name different rules')
    .option('--debug', 'decide as in debug mode')
    .addOption(formatOption('text', 'json', 'markdown'))
    .addHelpText(
      'after',
      examples(
        'explain shop.cors.yaml DELETE /api/orders/1 --origin https://shop.example.com --preflight',
        "explain shop.cors.yaml -X PUT -H 'Origin: https://shop.example.com' https://api.example.com/api/orders/1",
        'explain shop.cors.yaml --paste requests.har',
      ),
    )
    .action((file, words, options) =>
      report('explain', options.format, io, done, async () => {
        const { explainCommand } = await import('./commands/explain.js')
        return explainCommand(file, words, options, io)
      }),
    )
}

function addCompare(program: Command, io: Io, done: Done): void {
  program
    .command('compare')
    .description('tell who gains and who loses what between two versions of a policy')
    .argument('[files...]', 'the earlier and the later file; with --base the files as they are now')
    .option('--base <revision>', 'take the earlier ones from git')
    .addOption(
      new Option('--fail-on <direction>', 'fail where a change goes there').choices(['broader', 'narrower', 'any']),
    )
    .addOption(formatOption('text', 'json', 'sarif', 'github', 'markdown'))
    .addHelpText(
      'after',
      examples('compare old.cors.yaml new.cors.yaml', 'compare --base origin/main --fail-on broader --format markdown'),
    )
    .action((files, options) =>
      report('compare', options.format, io, done, async () => {
        const { compareCommand } = await import('./commands/compare.js')
        return compareCommand(files, options, io)
      }),
    )
}

function addProve(program: Command, io: Io, done: Done): void {
  const known = [...builtIn].map(([name, { says }]) => `  ${name.padEnd(20)} ${says}`)
  const queries = `
A query names what must never be allowed: origin=, path=, method=, header= (each may stand several times), credentials.
Built-in queries:
${known.join('\n')}`
  program
    .command('prove')
    .description('hold the invariants of a policy, and other queries, against all requests')
    .argument('<policy>', 'the policy file')
    .option('--never <query>', 'what must never be allowed; may stand several times', collected)
    .option('--builtin <name>', 'a built-in query; may stand several times', collected)
    .addOption(formatOption(...formats))
    .addHelpText('after', queries)
    .addHelpText(
      'after',
      examples(
        'prove shop.cors.yaml',
        "prove shop.cors.yaml --never 'origin=http://** credentials'",
        'prove shop.cors.yaml --builtin strangers-read-only',
      ),
    )
    .action((file, options) =>
      report('prove', options.format, io, done, async () => {
        const { proveCommand } = await import('./commands/prove.js')
        return proveCommand(file, options, io)
      }),
    )
}

function addInit(program: Command, io: Io, done: Done): void {
  program
    .command('init')
    .description('write a policy to start from, and its tests')
    .argument('[name]', 'of the files: NAME.cors.yaml and NAME.cors.test.yaml', 'policy')
    .option('--force', 'write over files that are there')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('init', 'init shop'))
    .action((name, options) =>
      report('init', options.format, io, done, async () => {
        const { initCommand } = await import('./commands/init.js')
        return initCommand(name, options, io)
      }),
    )
}

function addSchema(program: Command, io: Io): void {
  program
    .command('schema')
    .description('print a JSON Schema')
    .addArgument(program.createArgument('[name]', 'of what').choices(schemas).default('policy'))
    .addHelpText('after', examples('schema', 'schema report > report.schema.json'))
    .action(async (name) => {
      const { schemaText } = await import('./commands/schema.js')
      io.out(await schemaText(name))
    })
}

function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print a script that completes the command in a shell')
    .addArgument(program.createArgument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      '\nIn your shell:\n  source <(safeconduct completion bash)\n  source <(safeconduct completion zsh)\n  safeconduct completion fish | source',
    )
    .action((shell) => io.out(completionScript(shell, verbsOf(program))))
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  safeconduct ${line}`).join('\n')}`
}

function collected(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

function percent(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('It is a number from 0 to 100.')
  return value
}
