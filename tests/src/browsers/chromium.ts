/** Chromium, by playwright-core. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import type { RealBrowser, RealPage } from './browser.js'

export async function launchChromium(executablePath: string, proxyPort: number): Promise<RealBrowser> {
  const profile = makeProfile()
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    timeout: 60_000,
    ignoreHTTPSErrors: true,
    args: [
      // root, as most containers have it, has no sandbox
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--ignore-certificate-errors',
      `--proxy-server=socks5://127.0.0.1:${proxyPort}`,
      // what goes to loopback goes through the proxy too
      '--proxy-bypass-list=<-loopback>',
    ],
  })
  return {
    name: 'chromium',
    version: context.browser()?.version() ?? '',
    open: async (url) => {
      const page = faceOf(await context.newPage())
      await page.visit(url)
      return page
    },
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A profile that takes cookies of other sites (`SameSite=None`), as not every Chromium does of itself. */
function makeProfile(): string {
  const profile = mkdtempSync(join(tmpdir(), 'safeconduct-chromium-'))
  mkdirSync(join(profile, 'Default'))
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: { cookie_controls_mode: 0 } }))
  return profile
}

function faceOf(page: Page): RealPage {
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  page.on('pageerror', (error) => messages.push(error.message))
  return {
    messages,
    visit: async (url) => {
      await page.goto(url, { waitUntil: 'commit' })
    },
    evaluate: (script, given) => page.evaluate(script as never, given) as never,
    close: () => page.close(),
  }
}
