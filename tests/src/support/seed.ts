/**
 * Random trials are the same every time, so that a red build is red for everybody. `SAFECONDUCT_SEED=7` tries others. The
 * runner imports this before a file that uses fast-check.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.SAFECONDUCT_SEED ?? 20_261_123) })
