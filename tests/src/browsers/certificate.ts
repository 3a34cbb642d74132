/** A certificate that nobody signed, for every name: the browsers of the tests are told to take it. */
import { generate } from 'selfsigned'

const { private: key, cert } = await generate([{ name: 'commonName', value: 'safeconduct.test' }], { keyType: 'ec' })

export const certificate: { readonly key: string; readonly cert: string } = { key, cert }
