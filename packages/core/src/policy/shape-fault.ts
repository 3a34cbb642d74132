/** One finding of the compiled schema as a diagnostic. */
import { type Diagnostic, diagnose, diagnosticCodes, pointer } from '../diagnostic.js'
import * as say from '../shape-sentences.js'
import { nearWord } from './near-key.js'
import type { ShapeError } from './shape-error.js'

/** Every keyword but those about keys. `document` is the data that was validated. */
export function shapeFault(error: ShapeError, document: unknown, words: say.ShapeWords = say.policyWords): Diagnostic {
  const { instancePath: at, keyword, params } = error
  const value = valueAt(document, at)
  switch (keyword) {
    case 'type':
      return typeFault(at, String(params.type), value, words)
    case 'required':
      return schema(at, say.missingSentence(at, String(params.missingProperty), words))
    case 'const':
      return schema(at, say.constantSentence(at, params.allowedValue, value))
    case 'minimum':
      return schema(at, say.rangeSentence(at, 'at least', Number(params.limit), value))
    case 'maximum':
      return schema(at, say.rangeSentence(at, 'at most', Number(params.limit), value))
    case 'minItems':
      return schema(at, say.emptyListSentence(at, at.startsWith('/rules/')))
    case 'minProperties':
      return schema(at, say.emptyObjectSentence(at, words))
    case 'uniqueItems': {
      const later = Math.max(Number(params.i), Number(params.j))
      return schema(`${at}/${later}`, say.repeatSentence(at, valueAt(value, `/${later}`)))
    }
    case 'enum':
      return at.endsWith('/code')
        ? codeFault(at, value, params.allowedValues as readonly string[])
        : choiceFault(at, value, params.allowedValues as readonly string[])
    case 'pattern':
      return error.propertyName === undefined ? patternFault(at, value, words) : groupNameFault(at, error.propertyName)
    default:
      return schema(at, say.otherSentence(at, keyword, value))
  }
}

/** `fix` only where text takes the place of text. */
function schema(at: string, sentence: string, fix?: string): Diagnostic {
  return diagnose('schema', at, [sentence], { fix })
}

function typeFault(at: string, types: string, value: unknown, words: say.ShapeWords): Diagnostic {
  const cure = (words.document === 'policy' ? grantsMeant(at, value) : undefined) ?? cureOf(types, value)
  return schema(at, say.typeSentence(at, types, value, cure, words))
}

/** `allow` is a list of grants, and each of them is an object that says who. */
function grantsMeant(at: string, value: unknown): string | undefined {
  if (/^\/rules\/[0-9]+\/allow\/[0-9]+$/.test(at)) return grantTo(value)
  if (!/^\/rules\/[0-9]+\/allow$/.test(at)) return undefined
  if (value === null || value === false || (typeof value === 'string' && nobody.test(value))) return '[]'
  const grant = grantTo(value)
  return grant === undefined ? undefined : `[${grant}]`
}

const nobody = /^(?:|nobody|none|no ?one|nothing|never|no|false|deny)$/i

function grantTo(value: unknown): string | undefined {
  return typeof value === 'string' && /^[*@]|:\/\//.test(value) && value.length <= 100
    ? `{ "origins": ${JSON.stringify([value])} }`
    : undefined
}

/** What to write instead, as JSON, where that is plain. */
function cureOf(types: string, value: unknown): string | undefined {
  if (types === 'string') return ['number', 'boolean'].includes(typeof value) ? `"${value}"` : undefined
  if (typeof value !== 'string' || value.length > 100) return undefined
  if (types === 'boolean') return booleans.find(([words]) => words.includes(value.toLowerCase()))?.[1]
  if (types === 'integer') return /^[0-9]{1,9}$/.test(value) ? String(Number(value)) : undefined
  return types.includes('array') ? JSON.stringify(itemsOf(value)) : undefined
}

/** What one text was probably meant to list: with commas, as a header has it, or lines of YAML whose dashes have no blank behind them. */
function itemsOf(text: string): readonly string[] {
  if (/^[^{}]+,[^{}]+$/.test(text)) return text.split(/[,\s]+/).filter((item) => item !== '')
  return /^-[^\s-]/.test(text) ? text.slice(1).split(/ - ?(?=[^\s-])/) : [text]
}

/** What YAML 1.1 took for booleans is text in YAML 1.2. */
const booleans: readonly (readonly [words: readonly string[], boolean: string])[] = [
  [['true', 'yes', 'on', '1'], 'true'],
  [['false', 'no', 'off', '0'], 'false'],
]

function codeFault(at: string, value: unknown, waivable: readonly string[]): Diagnostic {
  if ((diagnosticCodes as readonly unknown[]).includes(value))
    return schema(at, say.waiverSentence(value, true, undefined))
  const near = typeof value === 'string' ? nearWord(value, waivable) : undefined
  return schema(at, say.waiverSentence(value, false, near), near)
}

function choiceFault(at: string, value: unknown, choices: readonly string[]): Diagnostic {
  const near = typeof value === 'string' ? nearWord(value, choices) : undefined
  return schema(at, say.choiceSentence(at, value, choices, near), near)
}

function groupNameFault(at: string, name: string): Diagnostic {
  return schema(at + pointer(name), say.groupNameSentence(name))
}

/** The texts that the schema itself judges, by the key they stand under. */
function patternFault(at: string, value: unknown, words: say.ShapeWords): Diagnostic {
  const key = at.slice(at.lastIndexOf('/') + 1)
  if (key === 'methods') return methodsFault(at, String(value), words)
  if (key === 'because' || key === 'name') return schema(at, say.emptyTextSentence(at))
  if (key === 'until') return schema(at, say.dateSentence(at, value))
  const fix = kebabOf(String(value))
  return schema(at, say.kebabSentence(at, value, fix), fix)
}

/** A text that is not `served`: that word misspelt, or a method that is to stand in a list. */
function methodsFault(at: string, value: string, words: say.ShapeWords): Diagnostic {
  const near = nearWord(value.toLowerCase(), ['served'])
  if (near === undefined) return typeFault(at, 'array,string', value, words)
  return schema(at, say.typeSentence(at, 'array,string', value, near, words), near)
}

function kebabOf(text: string): string | undefined {
  if (text.length > 100) return undefined
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
  const name = words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return name === '' ? undefined : name
}

function valueAt(value: unknown, at: string): unknown {
  let found = value
  for (const token of at.split('/').slice(1)) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Readonly<Record<string, unknown>>)[token.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return found
}
