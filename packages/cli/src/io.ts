/** What a command sees of the world, so that tests and embedders can give it another. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Colours and code frames in what is reported. */
  readonly colour: boolean
  /** Standard input. */
  readonly stdin: AsyncIterable<Uint8Array>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Shows that work goes on until it is stopped; absent where nobody looks on. */
  readonly progress?: (what: string) => Progress
  /** `YYYY-MM-DD`, in UTC. */
  readonly today: string
}

export interface Progress {
  readonly stop: () => Promise<void>
}
