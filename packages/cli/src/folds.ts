/** What Fastify's router can be told to pass over in paths, as the command line names it. */
import type { RouterOptions } from '@safeconduct/core'

export type Fold = 'case' | 'trailing-slash' | 'duplicate-slashes' | 'semicolon'

export const folds: Readonly<Record<Fold, RouterOptions>> = {
  case: { caseSensitive: false },
  'trailing-slash': { ignoreTrailingSlash: true },
  'duplicate-slashes': { ignoreDuplicateSlashes: true },
  semicolon: { useSemicolonDelimiter: true },
}
