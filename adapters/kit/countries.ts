import { getCountries } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'

const countries: ReadonlySet<string> = new Set(getCountries(metadata))

/** An ISO 3166 code, in capitals or not. */
export const isCountry = (code: string): boolean => countries.has(code.toUpperCase())
