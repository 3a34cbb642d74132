/** Compiled test files for the runner, with what it must say of each. uvu's own command reports many of them as a success. */
const uvu = `import { suite } from '${import.meta.resolve('uvu')}'\n`
export const tables = `import { table, skipTable } from '${new URL('table.js', import.meta.url).href}'\n`

export interface TestFile {
  readonly about: string
  readonly text: string
  /** As it is printed for the file. */
  readonly sum: string
  /** What the output must say of it. */
  readonly says: RegExp
}

export const hostile: readonly TestFile[] = [
  {
    about: 'a hook before the tests throws',
    text: `${uvu}const t = suite('s'); t.before(() => { throw new Error('x') }); t('a', () => {}); t('b', () => {}); t.run()`,
    sum: '0 passed, 2 failed',
    says: /✘/,
  },
  {
    about: 'a hook before the rows of a table throws',
    text: `${tables}table('s', [['a', () => {}]], { before: () => { throw new Error('no database') } })`,
    sum: '0 passed, 1 failed',
    says: /before s: Error: no database/,
  },
  {
    about: 'a hook after each test throws',
    text: `${uvu}const t = suite('s'); t.after.each(() => { throw new Error('x') }); t('a', () => {}); t.run()`,
    sum: '0 passed, 1 failed',
    says: /✘/,
  },
  {
    about: 'a hook after the tests throws',
    text: `${tables}table('s', [['a', () => {}]], { after: () => { throw new Error('not closed') } })`,
    sum: '0 passed, 1 failed',
    says: /after s: Error: not closed/,
  },
  {
    about: 'a test throws something that is no error',
    text: `${uvu}const t = suite('s'); t('a', () => { throw 'x' }); t('b', () => {}); t('c', () => {}); t.run()`,
    sum: '0 passed, 3 failed',
    says: /✘/,
  },
  {
    about: 'a row throws something that is no error, and the rows after it still run',
    text: `${tables}table('s', [['a', () => { throw 'x' }], ['b', () => {}], ['c', () => { throw undefined }]])`,
    sum: '1 passed, 2 failed',
    says: /threw 'x', which is not an Error/,
  },
  {
    about: 'a row throws an error that cannot be formatted, and the rows after it still run',
    text: `${tables}const bad = Object.assign(new Error('x'), { stack: undefined, operator: 7 })
      table('s', [['a', () => { throw bad }], ['b', () => {}]])`,
    sum: '1 passed, 1 failed',
    says: /✘/,
  },
  {
    about: 'the run is forgotten',
    text: `${uvu}const t = suite('s'); t('a', () => {})`,
    sum: '0 passed, 1 failed',
    says: /the file has no tests/,
  },
  { about: 'the file is empty', text: '', sum: '0 passed, 1 failed', says: /the file has no tests/ },
  {
    about: 'a table has no rows',
    text: `${tables}table('s', [])`,
    sum: '0 passed, 1 failed',
    says: /the table 's' has no rows/,
  },
  {
    about: 'a table has two rows with one sentence',
    text: `${tables}table('s', [['a', () => {}], ['a', () => {}]])`,
    sum: '0 passed, 1 failed',
    says: /the table 's' has two rows 'a'/,
  },
  {
    about: '`.only` is left in',
    text: `${uvu}const t = suite('s'); t('a', () => { throw new Error('x') }); t.only('b', () => {}); t.run()`,
    sum: '1 passed, 1 failed, 1 skipped',
    says: /`\.only` or `\.skip` is left in/,
  },
  {
    about: '`.skip` is left in',
    text: `${uvu}const t = suite('s'); t.skip('a', () => {}); t('b', () => {}); t.run()`,
    sum: '1 passed, 1 failed, 1 skipped',
    says: /`\.only` or `\.skip` is left in/,
  },
  {
    about: 'a promise never settles',
    text: `${tables}table('s', [['a', () => {}], ['b', () => new Promise(() => {})]])`,
    sum: '0 passed, 1 failed',
    says: /✘.*(ended without a result|exit code 13)/,
  },
  {
    about: 'a test ends the process with exit code 0',
    text: `${tables}table('s', [['a', () => {}], ['b', () => process.exit(0)]])`,
    sum: '0 passed, 1 failed',
    says: /✘.*ended without a result/,
  },
  {
    about: 'a rejection that nobody handles',
    text: `${tables}table('s', [['a', () => { Promise.reject(new Error('lost')) }]])`,
    sum: '0 passed, 1 failed',
    says: /✘.*exit code 1[\s\S]*lost/,
  },
  {
    about: 'a rejection that nobody handles, after the last row',
    text: `${tables}table('s', [['a', () => { process.nextTick(() => Promise.reject(new Error('late'))) }]])`,
    sum: '0 passed, 1 failed',
    says: /✘.*exit code 1[\s\S]*late/,
  },
  {
    about: 'an import that is not there',
    text: `${tables}import './gone.js'\ntable('s', [['a', () => {}]])`,
    sum: '0 passed, 1 failed',
    says: /the file cannot be loaded[\s\S]*gone\.js/,
  },
  {
    about: 'an error after a suite was queued',
    text: `${tables}table('s', [['a', () => {}]]); throw new Error('second half')`,
    sum: '1 passed, 1 failed',
    says: /the file cannot be loaded[\s\S]*second half/,
  },
  {
    about: 'a test sets the exit code',
    text: `${tables}table('s', [['a', () => { process.exitCode = 3 }]])`,
    sum: '1 passed, 1 failed',
    says: /✘.*exit code 3/,
  },
  {
    about: 'a failing assertion is printed with what the file wrote',
    text: `import assert from 'node:assert'\n${tables}
      table('s', [['one is two', () => { console.log('printed by the row'); assert.deepEqual({ n: 1n }, { n: 2n }) }]])`,
    sum: '0 passed, 1 failed',
    says: /printed by the row[\s\S]*one is two[\s\S]*2n/,
  },
]

/** For a runner with a limit of two seconds. */
export const endless: readonly TestFile[] = [
  {
    about: 'a promise never settles, and a timer keeps the process',
    text: `${tables}table('s', [['a', () => new Promise(() => { setInterval(() => {}, 1000) })]])`,
    sum: '0 passed, 1 failed',
    says: /✘.*longer than 2 s/,
  },
  {
    about: 'the process is busy for ever',
    text: 'console.log("busy"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
    sum: '0 passed, 1 failed',
    says: /longer than 2 s[\s\S]*busy/,
  },
]

export const friendly: readonly TestFile[] = [
  {
    about: 'an open server does not keep the process',
    text: `import http from 'node:http'\n${tables}
      table('s', [['a', () => new Promise((done) => { http.createServer().listen(0, '127.0.0.1', done) })]])`,
    sum: '1 passed',
    says: /✔/,
  },
  {
    about: 'announced skips are counted and said loudly',
    text: `${tables}skipTable('in a browser', [['a', () => {}], ['b', () => {}]], 'no browser here')`,
    sum: '0 passed, 2 skipped',
    says: /✔/,
  },
  {
    about: 'a table that is made while another file loads is run',
    text: `${tables}await new Promise((go) => setTimeout(go, 10)); table('s', [['a', async () => {}], ['b', () => {}]])`,
    sum: '2 passed',
    says: /^✔ .*: 2 passed, \d+ ms$/m,
  },
]
