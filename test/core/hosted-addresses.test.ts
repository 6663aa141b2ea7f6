/** Every address that an organization has is a destination, and is none once it goes, whatever took it along. */
import { beforeEach, describe, expect, it } from 'vitest'
import { dids, type OnsipBench, useBench } from '../adapters/onsip/bench.ts'
import { at, failure } from '../adapters/onsip/client.ts'
import { engines } from '../support/engines.ts'

const DOMAIN = 'example.onsip.com'
const HERE = { OrganizationId: 31, Domain: DOMAIN }
const CY = {
  ...{ ...HERE, Username: 'cy', Name: 'Cy', Email: 'cy@example.com', AuthUsername: 'example_cy' },
  ...{ Password: 'cy-password', PasswordConfirm: 'cy-password' },
}
const GROUP = {
  ...HERE,
  Username: 'sales',
  Ordering: 'parallel',
  Timeout: 30,
  'MemberAddresses[cy@example.onsip.com]': 1,
}

describe.each(engines())('hosted addresses on %s', engine => {
  let bench: OnsipBench
  let did: string
  let cy: string
  const open = useBench(engine)
  const ann = async (action: string, parameters = {}) => {
    const answer = await bench.as('ann', action, parameters)
    expect(failure(answer), action).toBeUndefined()
    return answer
  }
  const lead = (Destination: string, UserId: string | number = 501) =>
    bench.as('ann', 'DidEdit', { DidId: did, UserId, Destination, CallerIdNumberRequired: 'false' })
  const shown = async () => dids(await ann('DidBrowse'))[0]
  beforeEach(async () => {
    bench = await open()
    did = await bench.buy()
    cy = String(at(await ann('UserAdd', CY), 'Result.UserAdd.User.UserId'))
  })

  it('lead there until they are deleted: users, groups, aliases, outside addresses, mailboxes', async () => {
    const mailbox = await ann('VoicemailboxAdd', { ...HERE, Username: 'vm', Mailbox: 7, Fullname: 'Cy' })
    await ann('UserAddressAdd', { ...HERE, Username: 'cy.sales', UserId: cy, Timeout: 20 })
    await ann('GroupAddressAdd', GROUP)
    await ann('UserAliasAdd', { OrganizationId: 31, AliasUsername: '7001', AddressUsername: 'cy' })
    await ann('ExternalAddressAdd', { ...HERE, Username: 'out', ForeignAddress: 'desk@pbx.example.net' })
    const id = at(mailbox, 'Result.VoicemailboxAdd.Voicemailbox.VoicemailboxId')
    const deletes: [string, string, object][] = [
      ['cy.sales', 'UserAddressDelete', { Address: `cy.sales@${DOMAIN}` }],
      ['sales', 'GroupAddressDelete', { Address: `sales@${DOMAIN}` }],
      ['7001', 'UserAliasDelete', { OrganizationId: 31, AliasUsername: '7001' }],
      ['out', 'ExternalAddressDelete', { Address: `out@${DOMAIN}` }],
      ['vm', 'VoicemailboxDelete', { VoicemailboxId: id }],
    ]
    for (const [username, action, parameters] of deletes) {
      expect(failure(await lead(`${username}@${DOMAIN}`))).toBeUndefined()
      expect((await shown())?.Destination).toBe(`${username}@${DOMAIN}`)
      await ann(action, parameters)
      expect((await shown())?.Destination).toEqual({})
      expect(failure(await lead(`${username}@${DOMAIN}`))).toBe('Request Destination Address.Unrecognized')
    }
  })

  it('go with what they stand for: an alias with its address, a member with its user', async () => {
    await ann('UserAliasAdd', { OrganizationId: 31, AliasUsername: '7001', AddressUsername: 'cy' })
    await ann('GroupAddressAdd', { ...GROUP, DefaultAddress: `cy@${DOMAIN}` })
    await lead(`7001@${DOMAIN}`)
    await ann('UserDelete', { UserId: cy })
    expect((await shown())?.Destination).toEqual({})
    const group = at(
      await ann('GroupAddressRead', { Address: `sales@${DOMAIN}` }),
      'Result.GroupAddressRead.GroupAddress',
    )
    expect(group).toMatchObject({ MemberAddresses: {} })
    expect(group).not.toHaveProperty('DefaultAddress')
    expect(failure(await bench.as('ann', 'UserAliasDelete', { OrganizationId: 31, AliasUsername: '7001' }))).toBe(
      'Request AliasUsername UserAlias.Unrecognized',
    )
  })

  it('a user that is deleted leaves its numbers to the account, leading nowhere, and can log in no more', async () => {
    const session = await bench.client.login('example_cy', 'cy-password')
    expect(failure(await lead(`cy@${DOMAIN}`, cy))).toBeUndefined()
    expect(await shown()).toMatchObject({ UserId: cy, Destination: `cy@${DOMAIN}` })
    await ann('UserDelete', { UserId: cy })
    expect(await shown()).toMatchObject({ DidId: did, UserId: '501', Destination: {}, AccountId: '12' })
    const { core } = bench.world
    const owned = await core.numbers.lease(Number(did))
    expect([owned?.lease.accountId, owned?.lease.userId, owned?.routes, owned?.number.state]).toEqual([
      12,
      null,
      [],
      'active',
    ])
    expect(failure(await bench.client.call('UserRead', { SessionId: session }))).toBe(
      'Request SessionId Session.Authentication',
    )
    const again = await bench.client.call('SessionCreate', { Username: 'example_cy', Password: 'cy-password' })
    expect(failure(again)).toBe('Request Password Accessor.LoginFailed')
    // its names are free again
    await ann('UserAdd', CY)
  })

  it('an account keeps somebody who administers it', async () => {
    expect(failure(await bench.as('op', 'UserDelete', { UserId: 501 }))).toBe('Action Resource.Unavailable')
    expect(failure(await bench.as('op', 'UserEditRoleSubmit', { UserId: 501, 'RoleNames[]': 'User' }))).toBe(
      'Action Resource.Unavailable',
    )
    await ann('UserEditRoleSubmit', { UserId: cy, 'RoleNames[]': 'Account Admin' })
    expect(failure(await bench.as('op', 'UserDelete', { UserId: 501 }))).toBeUndefined()
    const account = await bench.world.core.accounts.get(12)
    expect(account?.defaultUserId).toBe(Number(cy))
  })

  it('a role that is given counts at once', async () => {
    expect(failure(await bench.as('bob', 'UserBrowse'))).toBe('Action AccountAuthorization.Required')
    await ann('UserEditRoleSubmit', { UserId: 502, RoleNames: 'Account Admin' })
    expect(failure(await bench.as('bob', 'UserBrowse'))).toBeUndefined()
    await ann('UserEditStatus', { UserId: 502, Status: 'disabled' })
    expect(failure(await bench.as('bob', 'UserBrowse'))).toBe('Request SessionId Session.Authentication')
  })
})
