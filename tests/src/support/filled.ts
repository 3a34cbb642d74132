/** Paths and origins that a glob stands for, mostly: its braces, stars and ports filled by dice. */
import fc from 'fast-check'

export const dice: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(23), { minLength: 4, maxLength: 4 })

export function pathFrom(glob: string, thrown: readonly number[]): string {
  return filled(glob, thrown, ['a', 'b', 'a/b', 'ab/', 'a/a/b', '', 'c'], ['a', 'b', 'ab', 'aab', 'x', ''])
}

export function originFrom(glob: string, thrown: readonly number[]): string {
  const port = ['', ':3000', ':3001', ':8443'][(thrown[0] ?? 0) % 4] ?? ''
  return filled(glob.replace(/:\*$/, port), thrown, ['a', 'b', 'a.b', 'ab.a', 'a.ab.b'], ['a', 'b', 'ab', 'x'])
}

function filled(glob: string, thrown: readonly number[], many: readonly string[], one: readonly string[]): string {
  let n = 0
  return glob.replace(/\{([^}]*)\}|\*\*|\*/g, (star, alternatives?: string) => {
    const choices = alternatives?.split(',') ?? (star === '**' ? many : one)
    return choices[(thrown[n++ % thrown.length] ?? 0) % choices.length] ?? ''
  })
}
