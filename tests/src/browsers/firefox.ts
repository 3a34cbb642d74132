/** Firefox, by puppeteer-core over WebDriver BiDi. */
import puppeteer, { type Page } from 'puppeteer-core'
import type { RealBrowser, RealPage } from './browser.js'

export async function launchFirefox(executablePath: string, proxyPort: number): Promise<RealBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: 60_000,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.socks': '127.0.0.1',
      'network.proxy.socks_port': proxyPort,
      'network.proxy.socks_version': 5,
      'network.proxy.socks_remote_dns': true,
      'network.proxy.socks5_remote_dns': true,
      // what goes to loopback goes through the proxy too
      'network.proxy.allow_hijacking_localhost': true,
      'network.proxy.no_proxies_on': '',
      // a page at http://… stays there
      'dom.security.https_first': false,
    },
  })
  return {
    name: 'firefox',
    version: (await browser.version()).replace(/^\D*/, ''),
    open: async (url) => {
      const page = faceOf(await browser.newPage())
      await page.visit(url)
      return page
    },
    close: () => browser.close(),
  }
}

function faceOf(page: Page): RealPage {
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  // the console's errors that are no script's come as these
  page.on('pageerror', (error) => messages.push(error instanceof Error ? error.message : String(error)))
  return {
    messages,
    visit: async (url) => {
      await page.goto(url, { waitUntil: 'domcontentloaded' })
    },
    evaluate: (script, given) => page.evaluate(script as never, given) as never,
    close: () => page.close(),
  }
}
