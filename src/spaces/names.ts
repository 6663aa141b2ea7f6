/** A space's name is a host label as well as a segment of a path. */
export const SPACE_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/
export const SPACE_NAME_WORDS = 'must be 1 to 40 small letters, digits and "-", with neither end a "-"'

/** Which space a request is for, and how it says so. */
export interface Named {
  name: string
  /** As it stands in the path, `/~name`; undefined: the host says it. */
  prefix: string | undefined
}

const SCHEME = 'https://'.length
/** Some clients write the sign as it is escaped. */
const PREFIX = /^\/(?:~|%7e)([^/?#]*)/i
const HOST = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#.:]+)\.localhost\.?(?::\d+)?(?:[/?#]|$)/i

/** Undefined: for the program's own world. */
export function spaceNamed(url: string): Named | undefined {
  const path = url.indexOf('/', SCHEME)
  const sign = path < 0 ? '' : url.charAt(path + 1)
  const found = sign === '~' || sign === '%' ? PREFIX.exec(url.slice(path)) : null
  if (found) return { name: (found[1] as string).toLowerCase(), prefix: found[0] }
  const label = HOST.exec(url)?.[1]
  return label === undefined ? undefined : { name: label.toLowerCase(), prefix: undefined }
}
