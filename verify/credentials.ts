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

/** `example` is the demo world's file of the dialect: it shows which names there are. Throws in words for people. */
export function readCredentials(text: string, example?: CredentialSet): CredentialSet {
  const { account, other, stranger } = v.parse(CredentialsFile, JSON.parse(text))
  for (const [who, given] of Object.entries({ account, other, stranger })) {
    const missing = Object.keys(example?.account ?? {}).filter(name => given && given[name] === undefined)
    if (missing.length > 0) throw new Error(`${who} lacks ${missing.join(', ')}`)
  }
  const nobody = stranger ?? example?.stranger
  if (!nobody) throw new Error('stranger is missing')
  return { account, ...(other && { other }), stranger: nobody }
}
