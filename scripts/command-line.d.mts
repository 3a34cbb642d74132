import type { ParseArgsConfig, parseArgs } from 'node:util'

export function commandLine<Options extends NonNullable<ParseArgsConfig['options']>>(
  file: string,
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options }>>['values']
