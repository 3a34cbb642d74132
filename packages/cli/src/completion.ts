/** Scripts by which shells complete the command: its verbs, its options with their values, and files. */

export interface CompletedOption {
  readonly name: string
  /** The values to choose from; empty: anything. */
  readonly values: readonly string[]
}

export interface CompletedVerb {
  readonly name: string
  readonly says: string
  readonly options: readonly CompletedOption[]
  /** What its argument can be; empty: a file. */
  readonly words: readonly string[]
}

export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

export function completionScript(shell: Shell, verbs: readonly CompletedVerb[]): string {
  switch (shell) {
    case 'bash':
      return bash(verbs)
    case 'zsh':
      // zsh runs the same script in its emulation of bash's completion.
      return `whence compdef > /dev/null || { autoload -U +X compinit && compinit -i; }\nautoload -U +X bashcompinit && bashcompinit\n${bash(verbs)}`
    case 'fish':
      return fish(verbs)
  }
}

/** An empty answer leaves the word to the shell, which completes files. */
function bash(verbs: readonly CompletedVerb[]): string {
  const options = verbs.map(
    ({ name, options: all }) => `    ${name}) options="${all.map((option) => option.name).join(' ')}" ;;`,
  )
  const values = verbs.flatMap(({ name, options: all }) =>
    all
      .filter((option) => option.values.length > 0)
      .map((option) => `    ${name}:${option.name}) values="${option.values.join(' ')}" ;;`),
  )
  const words = verbs
    .filter((verb) => verb.words.length > 0)
    .map((verb) => `    ${verb.name}) words="${verb.words.join(' ')}" ;;`)
  return `_safeconduct() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}"
  local options="" values="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${[...verbs.map((verb) => verb.name), 'help'].join(' ')} --help --version" -- "$word") )
    return
  fi
  case "$verb:$before" in
${values.join('\n')}
  esac
  case "$verb" in
${[...options, `    help) words="${verbs.map((verb) => verb.name).join(' ')}" ;;`].join('\n')}
  esac
  case "$verb" in
${words.join('\n')}
  esac
  if [ -n "$values" ]; then COMPREPLY=( $(compgen -W "$values" -- "$word") )
  elif [ "\${word:0:1}" = - ]; then COMPREPLY=( $(compgen -W "$options --help" -- "$word") )
  elif [ -n "$words" ]; then COMPREPLY=( $(compgen -W "$words" -- "$word") )
  fi
}
complete -o bashdefault -o default -F _safeconduct safeconduct
`
}

function fish(verbs: readonly CompletedVerb[]): string {
  const lines = verbs.flatMap(({ name, says, options, words }) => [
    `complete -c safeconduct -n __fish_use_subcommand -f -a ${name} -d '${says.replaceAll("'", "\\'")}'`,
    ...(words.length > 0
      ? [`complete -c safeconduct -n '__fish_seen_subcommand_from ${name}' -f -a '${words.join(' ')}'`]
      : []),
    ...options.map(({ name: option, values }) => {
      const choice = values.length > 0 ? ` -x -a '${values.join(' ')}'` : ''
      return `complete -c safeconduct -n '__fish_seen_subcommand_from ${name}' -l ${option.replace(/^--/, '')}${choice}`
    }),
  ])
  return `${lines.join('\n')}\n`
}
