/**
 * What becomes of one mutant. First the rows that reach it are run in a warm process, where it is switched on for them
 * alone: that finds most. What is left, and what is reached while a file is loaded, is tried in fresh processes, in which it
 * is on from the beginning: else a value that was kept from before would hide it.
 */
import { startWorker } from './worker-process.mjs'

/** Milliseconds that a survivor is tried for, with the tests of its own source and with those of others; slower rows are left out. */
const longestOfOwn = 8000
const longestOfOthers = 1000
/** A worker is started anew after so many mutants: tests keep things. */
const mostMutants = 150

/** `patience`: so many times as long as otherwise, for sources whose tests are slow. `isQuick`: in warm processes only. */
export function trials({ folder, reach, patience = 1, isQuick = false }) {
  let warm
  let tried = 0
  /** Rows by how many mutants they have killed: what killed the one before kills the next, more often than not. */
  const kills = new Map()
  return {
    async judge(mutant) {
      const rows = reach.rowsOf.get(mutant.id) ?? []
      const files = reach.filesOf.get(mutant.id) ?? []
      if (rows.length === 0 && files.length === 0) return { status: 'unreached' }
      const inWarm = rows.length === 0 ? undefined : await warmTrial(mutant, rows)
      if (inWarm && (isQuick || inWarm.status !== 'survived')) return inWarm
      return freshTrial(mutant, freshPlans(mutant, rows, files, patience, reach.stepsOf))
    },
    end() {
      warm?.end()
    },
  }

  async function warmTrial(mutant, rows) {
    const [own, others] = parted(rows, isOwn(mutant))
    const plan = [...within(own, patience * longestOfOwn), ...within(others, patience * longestOfOthers)]
    plan.sort((a, b) => killsOf(b) - killsOf(a) || a.ms - b.ms)
    const first = await attempt()
    // What a mutant left behind, or a machine that was busy, is told from the mutant by a second trial.
    return ['late', 'ended', 'unfit', 'thrown'].includes(first.status) ? settled(await attempt()) : first

    async function attempt() {
      if (tried++ % mostMutants === 0) restart()
      warm ??= startWorker(folder)
      const answer = await warm.ask({ command: 'run', mutant: mutant.id, plan }, 60_000)
      if (!['killed', 'survived'].includes(answer.status)) restart()
      if (answer.step) kills.set(nameOf(answer.step), killsOf(answer.step) + 1)
      return answer
    }
  }

  /** A slow row is not put first for what it finds. */
  function killsOf(step) {
    return step.ms > 100 ? 0 : (kills.get(nameOf(step)) ?? 0)
  }

  function restart() {
    warm?.end()
    warm = undefined
  }

  async function freshTrial(mutant, plans) {
    for (const plan of plans) {
      const attempt = async () => {
        const worker = startWorker(folder)
        const answer = await worker.ask({ command: 'run', mutant: mutant.id, plan, early: true }, 60_000)
        worker.end()
        return answer
      }
      const first = await attempt()
      const answer = ['late', 'ended', 'thrown'].includes(first.status) ? settled(await attempt()) : first
      if (answer.status !== 'survived') return answer
    }
    return { status: 'survived' }
  }
}

function nameOf({ file, index }) {
  return `${file} ${index}`
}

/** A process that hangs or ends twice does so for the mutant. */
function settled(answer) {
  if (answer.status === 'late') return { status: 'timeout', by: 'the time limit' }
  if (answer.status === 'ended') return { status: 'killed', by: 'the process ended' }
  return answer.status === 'unfit' || answer.status === 'thrown' ? { status: 'survived', why: answer.why } : answer
}

/** So many test files are tried in a process of their own. */
const mostFiles = 4

/**
 * One a file: of the mutated source itself first, then those with most rows. Of its own tests all rows may tell, since what one
 * has made once the others may have been given; and so may those of a file that reaches the mutant while it is loaded.
 */
function freshPlans(mutant, rows, files, patience, stepsOf) {
  const byFile = new Map(files.map(({ file, steps }) => [file, steps]))
  for (const step of rows) {
    if (!files.some(({ file }) => file === step.file)) byFile.set(step.file, [...(byFile.get(step.file) ?? []), step])
  }
  const [own, others] = parted(
    [...byFile].map(([file, steps]) => ({ file, steps })),
    isOwn(mutant),
  )
  others.sort((a, b) => b.steps.length - a.steps.length)
  const plans = [
    ...own.map(({ file }) => within(stepsOf.get(file), patience * longestOfOwn)),
    ...others.map(({ steps }) => within(steps, patience * longestOfOthers)),
  ]
  return plans.filter((steps) => steps.length > 0).slice(0, mostFiles)
}

/** Whether a test file is one of the mutated source: of the same name in the mirrored tree. */
function isOwn(mutant) {
  const name = mutant.file.replace(/^.*\/src\//, '').replace(/\.ts$/, '')
  return ({ file }) => file.includes(`/${name}.`)
}

function parted(list, isFirst) {
  return [list.filter(isFirst), list.filter((item) => !isFirst(item))]
}

/** What takes no more than `most` milliseconds in all. */
function within(list, most) {
  let spent = 0
  return list.filter(({ ms }) => {
    spent += ms
    return spent <= most
  })
}
