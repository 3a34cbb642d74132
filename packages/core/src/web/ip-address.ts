/**
 * IP addresses as browsers serialize them (URL, "host parsing"): whatever spelling is given, the one that `Origin` has.
 * `undefined` is failure.
 */

/** "IPv4 parser": one to four numbers, the last of which fills what is left; decimal, octal or hexadecimal. */
export function serializedIpv4(domain: string): string | undefined {
  const parts = domain.split('.')
  if (parts.at(-1) === '') parts.pop()
  const numbers = parts.map(ipv4Number)
  const last = numbers.pop()
  if (last === undefined || parts.length > 4 || numbers.some((n) => n === undefined || n > 255)) return undefined
  if (last >= 256 ** (4 - numbers.length)) return undefined
  const address = numbers.reduce<number>((sum, n, i) => sum + (n ?? 0) * 256 ** (3 - i), last)
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

function ipv4Number(text: string): number | undefined {
  if (/^0x[0-9a-f]*$/.test(text)) return Number.parseInt(text.slice(2) || '0', 16)
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return /^(?:0|[1-9][0-9]*)$/.test(text) ? Number(text) : undefined
}

/** "IPv6 parser" and "IPv6 serializer", in brackets: eight pieces, `::` for those that are zero, the last two perhaps as an IPv4 address. */
export function serializedIpv6(text: string): string | undefined {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  const before = ipv6Pieces(head, tail === undefined)
  const after = tail === undefined ? [] : ipv6Pieces(tail, true)
  if (before === undefined || after === undefined) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return `[${compressed([...before, ...new Array<number>(missing).fill(0), ...after])}]`
}

function ipv6Pieces(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return []
  const pieces: number[] = []
  const words = text.split(':')
  for (const [i, word] of words.entries()) {
    const dotted = /^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$/.exec(word)
    if (dotted && mayEndInIpv4 && i === words.length - 1) {
      const bytes = dotted.slice(1).map(Number)
      if (bytes.some((byte) => byte > 255)) return undefined
      const [a = 0, b = 0, c = 0, d = 0] = bytes
      pieces.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(word)) pieces.push(Number.parseInt(word, 16))
    else return undefined
  }
  return pieces
}

/** "IPv6 serializer": the first longest run of two zeros or more is `::`. */
function compressed(pieces: readonly number[]): string {
  let run = { start: -1, length: 1 }
  for (let start = 0; start < pieces.length; start++) {
    let end = start
    while (pieces[end] === 0) end++
    if (end - start > run.length) run = { start, length: end - start }
  }
  const hex = (list: readonly number[]): string => list.map((piece) => piece.toString(16)).join(':')
  if (run.start === -1) return hex(pieces)
  return `${hex(pieces.slice(0, run.start))}::${hex(pieces.slice(run.start + run.length))}`
}
