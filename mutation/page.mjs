/**
 * node mutation/page.mjs [--write]
 *
 * The page of mutants that no test kills, made of `known.json`: printed, or written to `docs/mutants.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const known = JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8'))
const target = new URL('../docs/mutants.md', import.meta.url)

const heading = `# Mutants that no test kills

Made by \`node mutation/page.mjs --write\` of \`mutation/known.json\`; do not edit. [How the engine is trusted](assurance.md)
has the figures. A mutant is one small change to a source. *Equivalent*: no input tells it from the source, so no test can.
*Survivor*: some input does, and the reason says why there is no test for it.
`

const kinds = { equivalent: 'Equivalent', survivor: 'Survivors' }

function sectionOf(kind) {
  const entries = known.filter((entry) => entry.kind === kind)
  if (entries.length === 0) return `## ${kinds[kind]}\n\nNone.\n`
  const files = [...new Set(entries.map(({ file }) => file))]
  return `## ${kinds[kind]}\n\n${files.map((file) => listOf(file, entries)).join('\n')}`
}

function listOf(file, entries) {
  const rows = entries
    .filter((entry) => entry.file === file)
    .map(({ changes, reason }) => `${changes.map(lineOf).join('\n')}\n\n  ${reason}\n`)
  return `### ${file.replace(/^packages\//, '')}\n\n${rows.join('\n')}`
}

function lineOf([from, to]) {
  return `- ${code(from)} → ${code(to)}`
}

function code(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  const short = line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-20)}` : line
  const fence = short.includes('`') ? '``' : '`'
  return short === '' ? '(nothing)' : `${fence}${short}${fence}`
}

const page = [heading, ...Object.keys(kinds).map(sectionOf)].join('\n')
if (process.argv.includes('--write')) writeFileSync(fileURLToPath(target), page)
else process.stdout.write(page)
