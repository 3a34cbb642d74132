/** What others wrote, on its way to a terminal, a page. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { block, code, plain, rich, row } from '../../../packages/cli/dist/report/markdown-text.js'
import { safeJson, safeLine, safeText } from '../../../packages/cli/dist/terminal-text.js'
import { holds } from '../support/holds.js'
import { type Row, table } from '../support/table.js'

function is(sentence: string, actual: string, expected: string): Row {
  return [sentence, () => assert.equal(actual, expected)]
}

const anyText = fc.string({
  unit: fc.constantFrom(...'ab`|*<@\\\n\t\u001b\u009b\u202e\u200b\ud800\ufeff$\'"!; é'.split(''), '\u{e0041}', '😀'),
})

table('text for a terminal', [
  is('line feeds and tabs stay', safeText('a\n\tb'), 'a\n\tb'),
  is(
    'no control character of either kind',
    safeText('\u001b[2J\r\u0007\u009b31m\u007f'),
    '\\u001b[2J\\u000d\\u0007\\u009b31m\\u007f',
  ),
  is(
    'nothing turns the direction, or hides',
    safeText('\u202ea\u2066\u200b\ufeff\u00ad\u061c'),
    '\\u202ea\\u2066\\u200b\\ufeff\\u00ad\\u061c',
  ),
  is('no tag characters, which nobody sees', safeText('a\u{e0041}'), 'a\\udb40\\udc41'),
  is('no halves of characters', safeText('\ud800a\udc00'), '\\ud800a\\udc00'),
  is('letters and pictures stay', safeText('é😀中'), 'é😀中'),
  is('a line is one line', safeLine('a\n::error::\tb'), 'a\\n::error:: b'),
  [
    'JSON stays the same JSON',
    () => holds(500, anyText, (text) => assert.deepEqual(JSON.parse(safeJson({ text })), { text })),
  ],
])

table('text for a page', [
  is(
    'markup is text',
    plain('*a* _b_ [c](d) #1 <b> @team ~~x~~'),
    '\\*a\\* \\_b\\_ \\[c\\]\\(d\\) \\#1 &lt;b&gt; &#64;team \\~\\~x\\~\\~',
  ),
  is(
    'a link is text',
    plain('https://evil.example www.evil.example'),
    'https&#58;//evil.example &#119;ww.evil.example',
  ),
  is('code is code', code('a*b'), '`a*b`'),
  is('code with backticks in it', code('a`b``c'), '```a`b``c```'),
  is('code that begins with one', code('`a'), '`` `a ``'),
  is('a sentence with code in it', rich('use `a|b`, <not> c'), 'use `a|b`, &lt;not&gt; c'),
  is('a row of a table', row('a|b', code('c|d')), '| a\\|b | `c\\|d` |\n'),
  is('a block ends where it ends', block('a\n```\nb'), '````text\na\n```\nb\n````\n'),
  [
    'whatever stands in code, the span does not end before it',
    () =>
      holds(500, anyText, (text) => {
        const span = code(text)
        const [, fence = '', inside = ''] = /^(`*)([\s\S]*?)\1$/.exec(span) ?? []
        assert.ok(span === '' || (fence !== '' && !new RegExp(`(?<!\`)${fence}(?!\`)`).test(inside)), span)
        assert.doesNotMatch(span, /[\n\u001b]/)
      }),
  ],
])
