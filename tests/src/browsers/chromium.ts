/** Chromium, by playwright-core. */
import { chromium, type Page } from 'playwright-core'
import type { RealBrowser, RealPage } from './browser.js'

export async function launchChromium(executablePath: string, proxyPort: number): Promise<RealBrowser> {
  const browser = await chromium.launch({
    executablePath,
    headless: true,
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
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  return {
    name: 'chromium',
    version: browser.version(),
    open: async (url) => {
      const page = faceOf(await context.newPage())
      await page.visit(url)
      return page
    },
    close: () => browser.close(),
  }
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
