/** Whether a person who reads `stream` wants colours. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: unwanted, TERM: terminal } = env
  // As Node itself does: FORCE_COLOR wins, and is also how one colour is switched off.
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  // no-color.org: whatever its value, unless that is empty.
  if (unwanted !== undefined && unwanted !== '') return false
  return isTerminal && terminal !== 'dumb'
}
