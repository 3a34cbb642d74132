/** The verbs of a command line, as completion needs them. */
import type { Command } from 'commander'
import type { CompletedVerb } from './completion.js'

export function verbsOf(program: Command): readonly CompletedVerb[] {
  return program.commands.map((verb) => ({
    name: verb.name(),
    says: verb.description(),
    options: verb.options.flatMap(({ long, argChoices = [] }) => (long ? [{ name: long, values: argChoices }] : [])),
    words: verb.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  }))
}
