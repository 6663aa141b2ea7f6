/** Users and the addresses that an account hosts. */
import { randomInt, randomUUID } from 'node:crypto'
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { act, completed, type Parameters, RESULT, requestError } from './act.ts'
import { bought, me } from './orders.ts'

const SOURCE = "the provider's pages and gems on users and addresses, and its grammar"
const PASSWORD = 'Checked-Pa55word'

interface Home {
  OrganizationId: string
  Domain: string
  UserId: string
  /** Of its own address. */
  Username: string
}

async function home(bench: RuleBench): Promise<Home> {
  const { UserId = '', OrganizationId = '', Domain = '', Username = '' } = await me(bench)
  return { OrganizationId, Domain, UserId, Username }
}

/** A name that nothing has. */
const fresh = (beginning: string) => `${beginning}-${randomUUID().slice(0, 8)}`

const newUser = ({ OrganizationId, Domain }: Home, Username: string): Parameters => ({
  ...{ OrganizationId, Domain, Username, AuthUsername: Username },
  ...{ Name: 'Checked', Email: 'checked@mail.example', Password: PASSWORD, PasswordConfirm: PASSWORD },
})

async function addUser(bench: RuleBench, place: Home, name: string): Promise<string> {
  const { body } = completed(await act(bench, 'UserAdd', newUser(place, name)), 'UserAdd')
  return String(member(body, `${RESULT}.UserAdd.User.UserId`))
}

function login({ ask }: RuleBench, Username: string) {
  const body = new URLSearchParams({ Action: 'SessionCreate', Username, Password: PASSWORD, Output: 'json' })
  return ask({ as: 'nobody', method: 'POST', path: '/api', body })
}

async function destination(bench: RuleBench, DidId: string) {
  const { body } = completed(await act(bench, 'DidRead', { DidId }), 'DidRead')
  return member(body, `${RESULT}.DidRead.Did.Destination`)
}

interface Hosted {
  username: string
  add: [action: string, parameters: Parameters]
  remove: (added: unknown) => [action: string, parameters: Parameters]
}

/** One of each kind, made of a name. */
function hosted(name: string, { OrganizationId, Domain, UserId, Username }: Home): Hosted[] {
  const at = (kind: string) => ({ OrganizationId, Domain, Username: `${name}${kind}` })
  const address = (kind: string) => ({ Address: `${name}${kind}@${Domain}` })
  return [
    {
      username: `${name}u`,
      add: ['UserAddressAdd', { ...at('u'), UserId, Timeout: '20' }],
      remove: () => ['UserAddressDelete', address('u')],
    },
    {
      username: `${name}g`,
      add: [
        'GroupAddressAdd',
        {
          ...{ ...at('g'), Ordering: 'parallel', Timeout: '20', Name: '' },
          [`MemberAddresses[${Username}@${Domain}]`]: '1',
        },
      ],
      remove: () => ['GroupAddressDelete', address('g')],
    },
    {
      username: `${name}a`,
      add: ['UserAliasAdd', { OrganizationId, AliasUsername: `${name}a`, AddressUsername: Username }],
      remove: () => ['UserAliasDelete', { OrganizationId, AliasUsername: `${name}a` }],
    },
    {
      username: `${name}e`,
      add: ['ExternalAddressAdd', { ...at('e'), ForeignAddress: 'desk@pbx.example.net', Name: '' }],
      remove: () => ['ExternalAddressDelete', address('e')],
    },
    {
      username: `${name}v`,
      add: ['VoicemailboxAdd', { ...at('v'), Mailbox: String(randomInt(100_000, 1_000_000)), Fullname: 'Checked' }],
      remove: added => [
        'VoicemailboxDelete',
        { VoicemailboxId: String(member(added, `${RESULT}.VoicemailboxAdd.Voicemailbox.VoicemailboxId`)) },
      ],
    },
  ]
}

export const peopleRules: readonly Rule[] = [
  {
    name: 'a user that is added can log in, and is nobody once it is deleted',
    source: SOURCE,
    changes: true,
    async check(bench) {
      const name = fresh('checked')
      const UserId = await addUser(bench, await home(bench), name)
      completed(await login(bench, name), 'SessionCreate')
      completed(await act(bench, 'UserDelete', { UserId }), 'UserDelete')
      expectAnswer(await login(bench, name), requestError('Password', 'Accessor.LoginFailed'))
    },
  },
  {
    name: 'a user is not added with two different passwords, nor twice',
    source: SOURCE,
    changes: true,
    async check(bench) {
      const [place, name] = [await home(bench), fresh('checked')]
      const other = { ...newUser(place, name), PasswordConfirm: `${PASSWORD}2` }
      expectAnswer(await act(bench, 'UserAdd', other), requestError('PasswordConfirm', 'Value.Conflict'))
      const UserId = await addUser(bench, place, name)
      const again = await act(bench, 'UserAdd', newUser(place, name))
      expectAnswer(again, { status: 200, members: { 'Response.Context.Action.IsCompleted': 'false' } })
      completed(await act(bench, 'UserDelete', { UserId }), 'UserDelete')
    },
  },
  {
    name: 'the numbers of a user that is deleted stay, and lead nowhere',
    source: SOURCE,
    changes: true,
    async check(bench) {
      const [place, name] = [await home(bench), fresh('checked')]
      const { did } = await bought(bench)
      const DidId = String(did.DidId)
      const UserId = await addUser(bench, place, name)
      const Destination = `${name}@${place.Domain}`
      const edit = { DidId, UserId, Destination, CallerIdNumberRequired: 'false' }
      completed(await act(bench, 'DidEdit', edit), 'DidEdit')
      expectEqual(await destination(bench, DidId), Destination, 'Destination')
      completed(await act(bench, 'UserDelete', { UserId }), 'UserDelete')
      expectTrue((await destination(bench, DidId)) !== Destination, `${Destination} is not shown as Destination`)
      const { body } = completed(await act(bench, 'DidRead', { DidId }), 'DidRead')
      expectTrue(member(body, `${RESULT}.DidRead.Did.UserId`) !== UserId, 'the number is not shown as the user’s')
    },
  },
  {
    name: 'every kind of hosted address is a destination until it is deleted',
    source: SOURCE,
    changes: true,
    async check(bench) {
      const place = await home(bench)
      const { did } = await bought(bench)
      const DidId = String(did.DidId)
      for (const { username, add, remove } of hosted(fresh('checked'), place)) {
        const { body } = completed(await act(bench, ...add), add[0])
        const Destination = `${username}@${place.Domain}`
        const edit = { DidId, UserId: place.UserId, Destination, CallerIdNumberRequired: 'false' }
        completed(await act(bench, 'DidEdit', edit), 'DidEdit')
        expectEqual(await destination(bench, DidId), Destination, `Destination after ${add[0]}`)
        const [action, parameters] = remove(body)
        completed(await act(bench, action, parameters), action)
        expectTrue((await destination(bench, DidId)) !== Destination, `${action} ends ${Destination}`)
        expectAnswer(await act(bench, 'DidEdit', edit), requestError('Destination', 'Address.Unrecognized'))
      }
    },
  },
]
