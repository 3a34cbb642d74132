/** Which browsers the tests drive: those that the environment names, else those that are found. */
import { accessSync, constants } from 'node:fs'
import type { BrowserName, Launch } from './browser.js'

interface Kind {
  readonly name: BrowserName
  /** The driver is loaded where there is something to drive. */
  readonly driver: () => Promise<Launch>
  readonly path: string | undefined
  readonly usual: readonly string[]
}

const env = process.env

const kinds: readonly Kind[] = [
  {
    name: 'chromium',
    driver: async () => (await import('./chromium.js')).launchChromium,
    path: env.CHROMIUM_PATH,
    usual: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
  },
  {
    name: 'firefox',
    driver: async () => (await import('./firefox.js')).launchFirefox,
    path: env.FIREFOX_PATH,
    usual: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'],
  },
]

export type Installed =
  | { readonly name: BrowserName; readonly launch: (proxyPort: number) => ReturnType<Launch> }
  | { readonly name: BrowserName; readonly missing: string }

/** @throws Error if the environment asks for a browser that is not there, or for one that nobody drives. */
export function installed(): readonly Installed[] {
  const chosen = env.SAFECONDUCT_BROWSERS?.split(',').map((name) => name.trim())
  const unknown = chosen?.filter((name) => name !== 'none' && !kinds.some((kind) => kind.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`SAFECONDUCT_BROWSERS names ${unknown}; it takes none, chromium, firefox`)
  return kinds.map(({ name, driver, path, usual }): Installed => {
    if (chosen && !chosen.includes(name)) return { name, missing: 'SAFECONDUCT_BROWSERS leaves it out' }
    const found = [path ?? usual].flat().find(isProgram)
    if (found !== undefined) return { name, launch: async (proxyPort) => (await driver())(found, proxyPort) }
    const how = `there is none at ${[path ?? usual].flat().join(', ')}; ${remedy}`
    if (chosen || path !== undefined || env.CI) throw new Error(`${name} is asked for, and ${how}`)
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
