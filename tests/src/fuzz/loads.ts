/** Which policies the plain twin can be asked about. */
import { compilePolicy, type PolicyDocument, PolicyError, withOrigins } from '@safeconduct/core'

/**
 * Whether the engine takes it, and its globs are few and short enough for a twin that looks at every word sequence that they
 * tell apart.
 */
export function loads(document: PolicyDocument, external: Readonly<Record<string, readonly string[]>> = {}): boolean {
  try {
    Object.entries(external).reduce(
      (all, [group, members]) => withOrigins(all, group, members),
      compilePolicy(document),
    )
  } catch (thrown) {
    if (thrown instanceof PolicyError) return false
    throw thrown
  }
  const globs = document.rules.flatMap(({ paths }) => paths)
  const origins = document.rules.flatMap(({ allow }) => allow.flatMap((grant) => grant.origins))
  const groups = Object.values(document.origins ?? {}).flatMap((group) => ('external' in group ? [] : group))
  return isPlain(globs, '/') && isPlain([...origins, ...groups], '.')
}

const mostSequences = 20_000

function isPlain(globs: readonly string[], separator: string): boolean {
  const wild = globs.filter((glob) => /[*{]/.test(glob) && glob !== '*')
  return wild.every((glob) => {
    const words = glob.split(separator).length
    const alternatives = (glob.match(/[,{]/g) ?? []).length
    return glob.length < 120 && (words + alternatives + 3) ** (words + 1) <= mostSequences
  })
}
