/** The corpus in Firefox: `corpus-play.ts` says what is held against it. */
import { browserTable } from './browser-table.js'
import { corpusPlay } from './corpus-play.js'

browserTable('the corpus', corpusPlay, 'firefox')
