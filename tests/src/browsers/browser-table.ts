/** A table of tests for each real browser: launched before the first row, closed after the last. */
import { ofTheDay } from '../support/holds.js'
import { type Row, skipTable, table } from '../support/table.js'
import type { BrowserName, RealBrowser } from './browser.js'
import { installed } from './installed.js'
import type { Internet } from './internet.js'

/** What the rows of one browser are played with. */
export interface Stage {
  readonly name: BrowserName
  /** To be asked for while a row runs. */
  readonly browser: () => RealBrowser
}

export interface Play {
  readonly internet: Internet
  readonly rows: readonly Row[]
  /** Rows that are not played on an ordinary day. */
  readonly left?: readonly Row[]
}

/** Rows that take as long each: those of the day, and the others. */
export function halved(rows: readonly Row[]): Pick<Required<Play>, 'rows' | 'left'> {
  const chosen = ofTheDay(rows)
  return { rows: chosen, left: rows.filter((row) => !chosen.includes(row)) }
}

/** A play of its own for each browser, so that what one does is not seen by the other; or for one only. */
export function browserTable(name: string, play: (stage: Stage) => Play, only?: BrowserName): void {
  for (const each of installed()) {
    if (only !== undefined && each.name !== only) continue
    const title = `${name}, in ${each.name}`
    let browser: RealBrowser | undefined
    const {
      internet,
      rows,
      left = [],
    } = play({ name: each.name, browser: () => browser ?? fail('the browser is not running') })
    if ('missing' in each) {
      skipTable(title, [...rows, ...left], `${each.name} is not driven: ${each.missing}`)
      continue
    }
    if (left.length > 0) skipTable(title, left, 'only some are played unless SAFECONDUCT_EFFORT is 1')
    table(title, rows, {
      before: async () => {
        await internet.open()
        browser = await each.launch(internet.port)
      },
      after: async () => {
        await browser?.close()
        await internet.close()
      },
    })
  }
}

function fail(message: string): never {
  throw new Error(message)
}
