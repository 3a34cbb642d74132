import assert from 'node:assert/strict'
import { table } from '../support/table.js'
import { installed } from './installed.js'

const everywhere = () => true
const nowhere = () => false

function seen(...[env, isThere, isOrdinary = false]: Parameters<typeof installed>): Record<string, string> {
  return Object.fromEntries(
    installed(env, isThere, isOrdinary).map((each) => [each.name, 'missing' in each ? each.missing : 'is driven']),
  )
}

table('which browsers are driven', [
  ['all that are found', () => assert.deepEqual(seen({}, everywhere), { chromium: 'is driven', firefox: 'is driven' })],
  [
    'those that are named',
    () =>
      assert.deepEqual(seen({ SAFECONDUCT_BROWSERS: 'firefox' }, everywhere), {
        chromium: 'SAFECONDUCT_BROWSERS leaves it out',
        firefox: 'is driven',
      }),
  ],
  [
    'all, where the variable is empty',
    () => assert.equal(seen({ SAFECONDUCT_BROWSERS: '' }, everywhere).firefox, 'is driven'),
  ],
  ['none', () => assert.doesNotMatch(JSON.stringify(seen({ SAFECONDUCT_BROWSERS: 'none' }, everywhere)), /driven/)],
  [
    'a name that is none is an error',
    () => assert.throws(() => seen({ SAFECONDUCT_BROWSERS: 'chrome' }, everywhere), /it takes none, chromium, firefox/),
  ],
  [
    'what is not there is told, with the cure',
    () =>
      assert.match(
        seen({}, nowhere).firefox ?? '',
        /^there is none at \/usr\/bin\/firefox-esr, .*apt-get install --no-install-recommends chromium firefox-esr/,
      ),
  ],
  [
    'what is asked for has to be there',
    () => {
      assert.throws(
        () => seen({ SAFECONDUCT_BROWSERS: 'chromium' }, nowhere),
        /chromium is asked for, and there is none/,
      )
      assert.throws(() => seen({ FIREFOX_PATH: '/x' }, (path) => path !== '/x'), /firefox is asked for.* at \/x;/)
      assert.throws(() => seen({ CI: 'true' }, nowhere), /chromium is asked for/)
    },
  ],
  [
    'on an ordinary day those of every day, and those that are named',
    () => {
      const notNamed = 'only SAFECONDUCT_EFFORT=1, or SAFECONDUCT_BROWSERS=firefox, has it driven'
      assert.deepEqual(seen({}, everywhere, true), { chromium: 'is driven', firefox: notNamed })
      for (const env of [{ SAFECONDUCT_BROWSERS: 'chromium,firefox' }, { FIREFOX_PATH: '/x' }, { CI: 'true' }])
        assert.equal(seen(env, everywhere, true).firefox, 'is driven')
    },
  ],
  [
    'in CI they may be left out by name',
    () => assert.doesNotThrow(() => seen({ CI: 'true', SAFECONDUCT_BROWSERS: 'none' }, nowhere)),
  ],
])
