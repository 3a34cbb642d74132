/** `npm run bench`; `--smoke` runs each part once and shortly, to see that all still agree on the decisions. */
import { cpus } from 'node:os'
import { engine } from './engine.mjs'
import { growth } from './growth.mjs'

const smoke = process.argv.includes('--smoke')
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`)
engine({ smoke })
growth({ smoke })
