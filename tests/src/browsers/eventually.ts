/** Waits for what comes of its own accord, as the lines of a console do. */
import { setTimeout } from 'node:timers/promises'

/** Whether it became true within so many seconds; on a busy machine a line can take many. */
export async function eventually(isTrue: () => boolean | Promise<boolean>, seconds = 30): Promise<boolean> {
  const end = performance.now() + seconds * 1000
  while (!(await isTrue())) {
    if (performance.now() > end) return false
    await setTimeout(20)
  }
  return true
}
