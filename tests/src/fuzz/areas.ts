/** All areas, in the order of the sentence: text → document → policy → request → decision, and what is asked about them. */
import type { Area } from './area.js'
import { browser } from './areas/browser.js'
import { compared } from './areas/compare.js'
import { documents } from './areas/documents.js'
import { paths } from './areas/paths.js'
import { patterns } from './areas/patterns.js'
import { proofs } from './areas/prove.js'
import { requests } from './areas/requests.js'
import { suites } from './areas/suites.js'
import { text } from './areas/text.js'
import { theorem } from './areas/theorem.js'

export const areas: readonly Area[] = [
  text,
  documents,
  patterns,
  paths,
  requests(),
  theorem,
  suites,
  compared,
  proofs,
  browser,
]
