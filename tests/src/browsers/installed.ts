/** Which browsers the tests drive: those that the environment names, else those that are found and are for every day. */
import { accessSync, constants } from 'node:fs'
import { effort } from '../support/holds.js'
import type { BrowserName, Launch } from './browser.js'

interface Kind {
  readonly name: BrowserName
  /** The driver is loaded where there is something to drive. */
  readonly driver: () => Promise<Launch>
  /** The environment variable that may say where it is. */
  readonly path: string
  readonly usual: readonly string[]
  /** Else only where all trials are run, for it takes its time. */
  readonly isForEveryDay: boolean
}

const kinds: readonly Kind[] = [
  {
    name: 'chromium',
    driver: async () => (await import('./chromium.js')).launchChromium,
    path: 'CHROMIUM_PATH',
    usual: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
    isForEveryDay: true,
  },
  {
    name: 'firefox',
    driver: async () => (await import('./firefox.js')).launchFirefox,
    path: 'FIREFOX_PATH',
    usual: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'],
    isForEveryDay: false,
  },
]

export type Installed =
  | { readonly name: BrowserName; readonly launch: (proxyPort: number) => ReturnType<Launch> }
  | { readonly name: BrowserName; readonly missing: string }

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `SAFECONDUCT_BROWSERS` is `none`, or a list of names. By default all that are found, on an ordinary day those of every
 * day; in CI both have to be there.
 *
 * @throws Error if the environment asks for a browser that is not there, or for one that nobody drives.
 */
export function installed(
  env: Environment = process.env,
  isThere = isProgram,
  isOrdinary = effort < 1,
): readonly Installed[] {
  const chosen = (env.SAFECONDUCT_BROWSERS || undefined)?.split(',').map((name) => name.trim())
  const unknown = chosen?.filter((name) => name !== 'none' && !kinds.some((kind) => kind.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`SAFECONDUCT_BROWSERS names ${unknown}; it takes none, chromium, firefox`)
  return kinds.map(({ name, driver, path, usual, isForEveryDay }): Installed => {
    if (chosen && !chosen.includes(name)) return { name, missing: 'SAFECONDUCT_BROWSERS leaves it out' }
    const isLeft = isOrdinary && !isForEveryDay && !chosen && env[path] === undefined && !env.CI
    if (isLeft) return { name, missing: `only SAFECONDUCT_EFFORT=1, or SAFECONDUCT_BROWSERS=${name}, has it driven` }
    const places = env[path] === undefined ? usual : [env[path]]
    const found = places.find(isThere)
    if (found !== undefined) return { name, launch: async (proxyPort) => (await driver())(found, proxyPort) }
    const how = `there is none at ${places.join(', ')}; ${remedy}`
    if (chosen || env[path] !== undefined || env.CI) throw new Error(`${name} is asked for, and ${how}`)
    return { name, missing: how }
  })
}

const remedy =
  'on Debian, `apt-get install --no-install-recommends chromium firefox-esr` brings both; elsewhere set CHROMIUM_PATH and FIREFOX_PATH'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
