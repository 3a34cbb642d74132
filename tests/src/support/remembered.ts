/** Answers kept, so many and no more: a long run asks without end. */
export function remembered<A>(most = 20_000): (question: string, answer: () => A) => A {
  const known = new Map<string, A>()
  return (question, answer) => {
    const before = known.get(question)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const now = answer()
    known.set(question, now)
    return now
  }
}
