import * as v from 'valibot'

const Named = v.record(v.string(), v.string())

/** The file of `--credentials`, and those of the demo world in fixtures/demo/credentials. */
const CredentialsFile = v.strictObject({
  /** The account under test, with money where purchases are allowed. */
  account: Named,
  /** A second account, unrelated to the first and with little money. */
  other: v.optional(Named),
  /** Credentials that nobody was given. */
  stranger: v.optional(Named),
})

export interface CredentialSet {
  account: Readonly<Record<string, string>>
  other?: Readonly<Record<string, string>> | undefined
  stranger: Readonly<Record<string, string>>
}

const Made = v.looseObject({ client: Named })

/**
 * What `didgate account credential` wrote is taken as it is: `client` has the provider's names in the order in which the
 * example has ours.
 */
function asSet(given: unknown, example: CredentialSet | undefined): unknown {
  if (!example || !v.is(Made, given)) return given
  const values = Object.values(given.client)
  return { account: Object.fromEntries(Object.keys(example.account).map((name, at) => [name, values[at]])) }
}

const FORM =
  'must be {"account": {…}, "other": {…}, "stranger": {…}}, the last two as you like, or what didgate account credential wrote'

/** `example` is the demo world's file of the dialect: it shows which names there are. Throws in words for people. */
export function readCredentials(text: string, example?: CredentialSet): CredentialSet {
  const read = v.safeParse(CredentialsFile, asSet(JSON.parse(text), example))
  if (!read.success) throw new Error(FORM)
  const { account, other, stranger } = read.output
  for (const [who, given] of Object.entries({ account, other, stranger })) {
    const missing = Object.keys(example?.account ?? {}).filter(name => given && given[name] === undefined)
    if (missing.length > 0) throw new Error(`${who} lacks ${missing.join(', ')}`)
  }
  const nobody = stranger ?? example?.stranger
  if (!nobody) throw new Error('stranger is missing')
  return { account, ...(other && { other }), stranger: nobody }
}
