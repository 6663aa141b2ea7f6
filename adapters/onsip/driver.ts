/** A client of this dialect in domain words, for the contract suites. Credentials: `username` and `password`. */
import { digitsOf, nanpParts } from '../../core/ground/e164.ts'
import type { Driver, DriverModule, DriverOptions } from '../kit/driver.ts'
import { notApplicable } from '../kit/expect.ts'

type Image = string | undefined | readonly Image[] | { readonly [name: string]: Image }
type Element = { readonly [name: string]: Image }

interface Answer {
  result: Element | undefined
  /** `Subject.Problem`. */
  error: string | undefined
  session: Element
}

/** A member of an element; a leaf without text is an empty object. */
function member(value: Image, ...path: readonly string[]): Image {
  return path.reduce<Image>((found, name) => (found as Element | undefined)?.[name], value)
}

function elements(value: Image): Element[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]) as Element[]
}

function text(value: Image): string {
  return typeof value === 'string' ? value : ''
}

async function ask({ send, base }: DriverOptions, parameters: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ ...parameters, Output: 'json' })
  const response = await send(new Request(`${base}/api`, { method: 'POST', body }))
  const said = (await response.json()) as Image
  const context = member(said, 'Response', 'Context')
  const errors = member(context, 'Request', 'Errors') ?? member(context, 'Action', 'Errors')
  const code = member(errors, 'Error', 'Code')
  return {
    result: member(said, 'Response', 'Result', parameters.Action ?? '') as Element | undefined,
    error: typeof code === 'string' ? code : undefined,
    session: member(context, 'Session') as Element,
  }
}

function create(options: DriverOptions): Driver {
  let session: Promise<Element> | undefined
  const login = () => {
    const { username: Username = '', password: Password = '' } = options.credentials ?? {}
    session ??= ask(options, { Action: 'SessionCreate', Username, Password }).then(answer => answer.session)
    return session
  }
  const act = async (Action: string, parameters: Record<string, string> = {}) => {
    const { SessionId } = options.credentials ? await login() : {}
    return ask(options, { Action, SessionId: text(SessionId), ...parameters })
  }
  const dids = async () => {
    const { result, error } = await act('DidBrowse', { Limit: '25000' })
    if (error) throw new Error(error)
    return elements(member(result, 'Dids', 'Did'))
  }
  const didOf = async (e164: string) => (await dids()).find(did => did.Number === digitsOf(e164))
  const userId = async () => text((await login()).UserId)
  const owned = owning(act, dids, didOf)
  return {
    ...buying(act, userId),
    ...owned,
    isolate: isolating(act, userId, owned.release),
    async balance() {
      const { AccountId } = member((await act('UserRead')).result, 'User') as Element
      const { result } = await act('AccountRead', { AccountId: text(AccountId) })
      return Number(text(member(result, 'Account', 'Balance')))
    },
    unknownOperation: () => unknownOperation(options),
  }
}

/** Blocks with more numbers than this are left alone: buying them empty would cost too much. */
const BLOCK = 25
const TRIES = 5

async function blocks(act: Act): Promise<string[]> {
  const { result, error } = await act('NpaNxxBrowse')
  if (!result) throw new Error(`NpaNxxBrowse: ${error ?? 'no result'}`)
  return elements(member(result, 'Npas', 'Npa')).flatMap(npa =>
    elements(member(npa, 'Nxxs', 'Nxx'))
      .filter(nxx => nxx.Status === 'available')
      .map(nxx => `${text(npa.Num)}${text(nxx.Num)}`),
  )
}

/** Buys a block empty and gives one number back: it is then the only one there, and known by name. */
function isolating(act: Act, userId: () => Promise<string>, release: Driver['release']) {
  let misses = 0
  const tried = new Set<string>()
  return async (): Promise<string> => {
    for (const block of (await blocks(act)).filter(each => !tried.has(each))) {
      if (misses === TRIES) break
      tried.add(block)
      const order = { UserId: await userId(), Protocol: 'sip', [`NpaNxx[${block}]`]: String(BLOCK) }
      const { result, error } = await act('DidRequest', order)
      if (!result) throw new Error(`DidRequest: ${error ?? 'no result'}`)
      const numbers = elements(member(result, 'Dids', 'Did')).map(did => `+${text(did.Number)}`)
      const [first] = numbers
      if (first !== undefined && numbers.length < BLOCK && (await release(first)) === 'released') return first
      misses++
      for (const e164 of numbers) await release(e164)
    }
    throw notApplicable('no block can be bought empty, and numbers are not sold by name')
  }
}

type Act = (action: string, parameters?: Record<string, string>) => Promise<Answer>

function buying(act: Act, userId: () => Promise<string>): Pick<Driver, 'isAvailable' | 'buy'> {
  return {
    async isAvailable(e164) {
      const { npa = '', nxx = '' } = nanpParts(e164) ?? {}
      if (npa === '') return false
      const { result } = await act('NpaNxxBrowse', { Npa: npa })
      const found = elements(member(result, 'Npas', 'Npa', 'Nxxs', 'Nxx')).find(each => each.Num === nxx)
      return found?.Status === 'available'
    },
    async buy(e164) {
      const { npa = '', nxx = '' } = nanpParts(e164) ?? {}
      const order = { UserId: await userId(), Protocol: 'sip', [`NpaNxx[${npa}${nxx}]`]: '1' }
      const { result, error } = await act('DidRequest', order)
      if (error === 'Account.InsufficientFunds') return 'unaffordable'
      if (error) return 'refused'
      const [did] = elements(member(result, 'Dids', 'Did'))
      if (did && did.Number !== digitsOf(e164)) throw new Error(`asked for ${e164}, got ${text(did.Number)}`)
      return did ? 'bought' : 'unavailable'
    },
  }
}

type Owning = Pick<Driver, 'owned' | 'release' | 'configure' | 'configured'>

function owning(
  act: Act,
  dids: () => Promise<Element[]>,
  didOf: (e164: string) => Promise<Element | undefined>,
): Owning {
  return {
    owned: async () => (await dids()).map(did => `+${text(did.Number)}`).sort(),
    async release(e164) {
      const did = await didOf(e164)
      if (!did) return 'not_owned'
      const { error } = await act('DidDelete', { DidId: text(did.DidId) })
      return error ? 'refused' : 'released'
    },
    async configure(e164, note) {
      const did = await didOf(e164)
      if (!did) return 'not_owned'
      const { error } = await act('DidEditNote', { DidId: text(did.DidId), Note: note })
      return error ? 'refused' : 'configured'
    },
    async configured(e164) {
      const did = await didOf(e164)
      return did && text(did.Note)
    },
  }
}

async function unknownOperation({ send, base }: DriverOptions): Promise<{ status: number; body: string }> {
  const response = await send(new Request(`${base}/api?Action=Bogus`))
  return { status: response.status, body: await response.text() }
}

export const onsipDriver: DriverModule = {
  dialect: 'onsip',
  create,
  credentials: ({ publicId, secret }) => ({ username: publicId, password: secret }),
  papers: 'nobody',
  byArea: true,
  skips: {},
}
