declare module 'jsonc-parser/lib/umd/impl/scanner.js' {
  import type { JSONScanner } from 'jsonc-parser'
  export function createScanner(text: string, ignoreTrivia?: boolean): JSONScanner
}
