/** Users, organizations, accounts and addresses in the onsip dialect: who sees what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { DENIED, type OnsipBench, useBench, type Who } from './bench.ts'
import { all, at, failure, type Image } from './client.ts'

type Values = Record<string, string | number>

/** One world for all: the tests that change something clean up after themselves. */
describe.each(engines())('onsip people on %s', engine => {
  let bench: OnsipBench
  const open = useBench(engine)
  beforeAll(async () => {
    bench = await open()
  })

  const result = async (who: Who, action: string, parameters: Values = {}) =>
    at(await bench.as(who, action, parameters), `Result.${action}`)
  const failed = async (who: Who, action: string, parameters: Values = {}) =>
    failure(await bench.as(who, action, parameters))
  /** One member of each item of a list. */
  const column = (list: Image | undefined, item: string, name: string) =>
    all(at({ body: list as Record<string, Image> }, item)).map(each =>
      at({ body: each as Record<string, Image> }, name),
    )

  describe('users', () => {
    it('read themselves with their SIP password, others with a mask', async () => {
      expect(await result('bob', 'UserRead')).toEqual({
        User: {
          ...{ UserId: '502', OrganizationId: '31', AccountId: '12', Status: 'enabled', Username: 'bob' },
          ...{ Password: 'sip-bob', AuthUsername: 'example_bob' },
          ...{ Modified: '2026-06-01T00:00:00+00:00', Created: '2026-06-01T00:00:00+00:00' },
          ...{ ExtendedDialing: 'false', PSTNForwarding: 'false', Domain: 'example.onsip.com' },
          Contact: {
            ...{ Name: {}, Organization: {}, Address: {}, City: {}, State: {}, Zipcode: {}, Country: {}, Phone: {} },
            ...{ Email: {}, CountryId: '207', Modified: '2026-06-01T00:00:00+00:00' },
          },
          Roles: { Role: { Name: 'User' } },
        },
      })
      expect(await result('ann', 'UserRead', { UserId: 502 })).toMatchObject({ User: { Password: '**********' } })
      expect(await result('op', 'UserRead', { UserId: 501 })).toMatchObject({
        User: { Password: '**********', Contact: { Name: 'Ann', Email: 'ann@example.com' } },
      })
    })

    it('are named by id, address or login name, which must agree', async () => {
      const bob = { UserAddress: 'bob@EXAMPLE.onsip.com', AuthUsername: 'example_bob', UserId: 502 }
      for (const named of [{ UserId: 502 }, { UserAddress: bob.UserAddress }, { AuthUsername: 'example_bob' }, bob]) {
        expect(await result('ann', 'UserRead', named as Values)).toMatchObject({ User: { UserId: '502' } })
      }
      expect(await failed('ann', 'UserRead', { ...bob, UserId: 501 })).toBe('Request UserAddress Value.Conflict')
      expect(await failed('ann', 'UserRead', { UserId: 501, AuthUsername: 'example_bob' })).toBe(
        'Request AuthUsername Value.Conflict',
      )
    })

    it('are not found out by trying names', async () => {
      for (const who of ['ann', 'bob'] as const) {
        expect(await failed(who, 'UserRead', { UserId: 601 })).toBe(DENIED)
        expect(await failed(who, 'UserRead', { UserId: 9999 })).toBe(DENIED)
        expect(await failed(who, 'UserRead', { AuthUsername: 'globex_gil' })).toBe(DENIED)
        expect(await failed(who, 'UserRead', { AuthUsername: 'nobody' })).toBe(DENIED)
        const unknown = 'Request UserAddress Address.Unrecognized'
        expect(await failed(who, 'UserRead', { UserAddress: 'gil@globex.onsip.com' })).toBe(unknown)
        expect(await failed(who, 'UserRead', { UserAddress: 'nobody@example.onsip.com' })).toBe(unknown)
      }
      expect(await failed('bob', 'UserRead', { UserId: 501 })).toBe(DENIED)
      expect(await failed('bob', 'UserRead', { UserId: 502, AuthUsername: 'example_ann' })).toBe(DENIED)
    })

    it('are listed for administrators', async () => {
      const list = await result('ann', 'UserBrowse', { OrderBy: 'AuthUsername Desc' })
      expect(column(list, 'Users.User', 'UserId')).toEqual(['502', '501'])
      expect(column(list, 'Users.User', 'Password')).toEqual(['**********', 'sip-ann'])
      expect(await result('op', 'UserBrowse', { OrganizationId: 32 })).toMatchObject({
        Users: { '@attributes': { Found: '2' } },
      })
      expect(await failed('bob', 'UserBrowse')).toBe(DENIED)
      expect(await failed('ora', 'UserBrowse')).toBe(DENIED)
    })
  })

  describe('user addresses', () => {
    it('are listed in the caller’s own scope', async () => {
      const users = async (who: Who, scope: Values = {}) =>
        column(await result(who, 'UserAddressBrowse', scope), 'UserAddresses.UserAddress', 'UserId')
      expect(await users('ann')).toEqual(['501', '502'])
      expect(await users('bob')).toEqual(['502'])
      expect(await users('bob', { UserId: 502 })).toEqual(['502'])
      expect(await users('ora')).toEqual(['601', '602'])
      expect(await users('ora', { OrganizationId: 32, UserId: 602 })).toEqual(['602'])
      for (const scope of [{ UserId: 501 }, { AccountId: 12 }, { OrganizationId: 31 }]) {
        expect(await failed('bob', 'UserAddressBrowse', scope as unknown as Values)).toBe(DENIED)
      }
      expect(await failed('ora', 'UserAddressBrowse', { OrganizationId: 31 })).toBe(DENIED)
    })

    it('are read by their name', async () => {
      const Address = 'bob@example.onsip.com'
      expect(await result('bob', 'UserAddressRead', { Address })).toEqual({
        UserAddress: {
          ...{ UserId: '502', AuthUsername: 'example_bob', AuthPassword: 'sip-bob', Timeout: '60' },
          Address: {
            ...{ AddressId: expect.any(String), Username: 'bob', Domain: 'example.onsip.com', Type: 'user', Name: {} },
            ...{ Modified: '2026-06-01T00:00:00+00:00', Created: '2026-06-01T00:00:00+00:00' },
          },
        },
      })
      expect(await result('ann', 'UserAddressRead', { Address })).toMatchObject({
        UserAddress: { AuthPassword: '**********' },
      })
      expect(await failed('bob', 'UserAddressRead', { Address: 'ann@example.onsip.com' })).toBe(DENIED)
      for (const unknown of ['gil@globex.onsip.com', 'x@example.onsip.com', 'x']) {
        expect(await failed('bob', 'UserAddressRead', { Address: unknown })).toBe(
          'Request Address Address.Unrecognized',
        )
      }
    })
  })

  describe('organizations', () => {
    it('are read by id or domain', async () => {
      const ids = { OrganizationId: 31, Domain: 'Example.onsip.com' }
      for (const named of [{ OrganizationId: 31 }, { Domain: ids.Domain }, ids]) {
        expect(await result('ann', 'OrganizationRead', named as Values)).toMatchObject({
          Organization: { OrganizationId: '31', Domain: 'example.onsip.com', Contact: { Name: 'Acme' } },
        })
      }
      expect(await failed('ann', 'OrganizationRead')).toBe('Request OrganizationId Value.Required')
      expect(await failed('ann', 'OrganizationRead', { OrganizationId: 32 })).toBe(DENIED)
      expect(await failed('ann', 'OrganizationRead', { OrganizationId: 99 })).toBe(DENIED)
      expect(await failed('ann', 'OrganizationRead', { Domain: 'globex.onsip.com' })).toBe(
        'Request Domain Domain.Unrecognized',
      )
      expect(await failed('op', 'OrganizationRead', { OrganizationId: 32, Domain: 'example.onsip.com' })).toBe(
        'Request Domain Value.Conflict',
      )
      expect(await failed('bob', 'OrganizationRead', { OrganizationId: 31 })).toBe(DENIED)
    })

    it('are listed', async () => {
      const list = await result('op', 'OrganizationBrowse', { AccountId: 12, OrderBy: 'Domain' })
      expect(column(list, 'Organizations.Organization', 'OrganizationId')).toEqual(['31'])
    })
  })

  describe('accounts', () => {
    it('are read with money of two decimals', async () => {
      expect(await result('ann', 'AccountRead', { AccountId: 12 })).toMatchObject({
        Account: { AccountId: '12', Balance: '100.00', CreditLimit: '0.00', Contact: { Name: 'Acme Telecom' } },
      })
      expect(await failed('ann', 'AccountRead')).toBe('Request AccountId Value.Required')
      expect(await failed('ann', 'AccountRead', { AccountId: 13 })).toBe(DENIED)
      expect(await failed('bob', 'AccountRead', { AccountId: 12 })).toBe(DENIED)
    })

    it('are listed: the own one, or all for an operator', async () => {
      const ids = async (who: Who, page: Values = {}) =>
        column(await result(who, 'AccountBrowse', page), 'Accounts.Account', 'AccountId')
      expect(await ids('ann')).toEqual(['12'])
      expect(await ids('ann', { Offset: 1 })).toEqual([])
      expect(await ids('op')).toEqual(['12', '13', '14'])
      expect(await ids('op', { Limit: 1, Offset: 1 })).toEqual(['13'])
      expect(await failed('bob', 'AccountBrowse')).toBe(DENIED)
    })

    it('have one resource: numbers, with their prices', async () => {
      const list = await result('gil', 'AccountResourceBrowse', { AccountId: 13 })
      expect(list).toMatchObject({
        AccountResources: {
          '@attributes': { Found: '1' },
          AccountResource: {
            ...{ AccountId: '13', Used: '1' },
            Resource: { ResourceId: '1', Name: 'DID', OneTimeCharge: '1.00', MonthlyRecurringCharge: '2.00' },
          },
        },
      })
      expect(await failed('gil', 'AccountResourceRead', { AccountId: 13, ResourceId: 2 })).toBe(DENIED)
      expect(await failed('gil', 'AccountResourceRead', { AccountId: 12, ResourceId: 1 })).toBe(DENIED)
      expect(await failed('gil', 'AccountResourceRead', { AccountId: 13 })).toBe('Request ResourceId Value.Required')
    })
  })

  describe('telephone number addresses', () => {
    const phone = { OrganizationId: 31, Username: '12125550100', Domain: 'example.onsip.com', Name: 'Mobile' }
    const Address = '12125550100@example.onsip.com'
    const unknown = 'Request Address Address.Unrecognized'

    it('are added, shown, renamed and removed', async () => {
      expect(await result('ann', 'TelephoneNumberAddressAdd', phone)).toMatchObject({
        TelephoneNumberAddress: {
          UserId: '501',
          Address: { Username: phone.Username, Type: 'telephone', Name: 'Mobile' },
        },
      })
      expect(await failed('ann', 'TelephoneNumberAddressAdd', phone)).toBe('Request Username Address.Unavailable')
      expect(await result('ann', 'TelephoneNumberAddressRead', { Address })).toHaveProperty('TelephoneNumberAddress')
      expect(await failed('ann', 'UserAddressRead', { Address })).toBe(unknown)
      const list = await result('op', 'TelephoneNumberAddressBrowse', { AccountId: 12 })
      expect(list).toMatchObject({ TelephoneNumberAddresses: { '@attributes': { Found: '1' } } })
      const renamed = { Address, Name: '', Username: '12125550111' }
      expect(await result('ann', 'TelephoneNumberAddressEdit', renamed)).toMatchObject({
        TelephoneNumberAddress: { Address: { Username: '12125550111', Name: {} } },
      })
      const last = '12125550111@example.onsip.com'
      expect(await result('ann', 'TelephoneNumberAddressDelete', { Address: last })).toEqual({})
      expect(await failed('ann', 'TelephoneNumberAddressDelete', { Address: last })).toBe(unknown)
    })

    it('are known by their plus sign, escaped or not', async () => {
      const plain = ' 12125550123'
      const made = await result('ann', 'TelephoneNumberAddressAdd', { ...phone, Username: plain })
      expect(made).toMatchObject({ TelephoneNumberAddress: { Address: { Username: '+12125550123' } } })
      for (const sign of ['+', ' ', 'sip:+', 'sip: ']) {
        const Address = `${sign}12125550123@example.onsip.com`
        expect(await result('ann', 'TelephoneNumberAddressRead', { Address })).toEqual(made)
      }
      const Address = `${plain}@example.onsip.com`
      expect(await result('ann', 'TelephoneNumberAddressDelete', { Address })).toEqual({})
    })

    it('are checked', async () => {
      const add = (change: Values, who: Who = 'ann') =>
        failed(who, 'TelephoneNumberAddressAdd', { ...phone, ...change })
      expect(await add({ Username: 'ann' })).toBe('Request Username Value.Invalid')
      expect(await add({ Domain: 'globex.onsip.com' })).toBe('Request Domain Domain.Unrecognized')
      expect(await add({ OrganizationId: 32 })).toBe(DENIED)
      expect(await add({ OrganizationId: 32 }, 'op')).toBe('Request Domain Value.Conflict')
      expect(await add({}, 'bob')).toBe(DENIED)
      expect(await failed('ann', 'TelephoneNumberAddressRead', { Address: 'ann@example.onsip.com' })).toBe(unknown)
      for (const action of ['Read', 'Edit', 'Delete']) {
        expect(await failed('gil', `TelephoneNumberAddress${action}`, { Address })).toBe(unknown)
      }
    })
  })

  afterAll(async () => {
    const balance = await result('ann', 'AccountRead', { AccountId: 12 })
    expect(balance).toMatchObject({ Account: { Balance: '100.00' } })
  })
})
