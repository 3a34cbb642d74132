/** The text door: policies and suites as files have them. */

export { type Locate, locationsOf } from '../policy/document.js'
export { applyFixes } from './fix.js'
export { type ParseOptions, parsePolicy, parseSuite } from './parse.js'
