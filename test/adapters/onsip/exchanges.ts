import type { Exchanges } from '../../support/exchanges.ts'
import type { TestWorld } from '../../support/world.ts'
import { benchIn, dids, type OnsipBench, type Who } from './bench.ts'
import { answerOf } from './client.ts'
import { onsipWorld } from './world.ts'

const HERE = { OrganizationId: 31, Domain: 'example.onsip.com' }
const ALIAS = { OrganizationId: 31, AliasUsername: '7001', AddressUsername: 'ann', Visibility: 'PUBLIC' }
const GROUP = {
  ...{ ...HERE, Username: 'sales', Ordering: 'parallel', Timeout: 30 },
  ...{ 'MemberAddresses[ann@example.onsip.com]': 1, 'MemberAddresses[bob@example.onsip.com]': 2 },
}
const EXTERNAL = { ...HERE, Username: 'desk', ForeignAddress: 'desk@pbx.example.net', Name: 'Desk' }
const MAILBOX = { ...HERE, Username: 'vm7011', Mailbox: '7011', Fullname: 'Bob Example' }
const PHONE = { OrganizationId: 31, Username: '12125550100', Domain: 'example.onsip.com', Name: 'Mobile' }

/** What an exchange may ask to be there; the value stands for its placeholder. */
const GIVEN: Record<string, (bench: OnsipBench) => Promise<string>> = {
  did: bench => bench.buy(),
  telephone: async bench => (await bench.as('ann', 'TelephoneNumberAddressAdd', PHONE)).text,
  alias: async bench => (await bench.as('ann', 'UserAliasAdd', ALIAS)).text,
  group: async bench => (await bench.as('ann', 'GroupAddressAdd', GROUP)).text,
  external: async bench => (await bench.as('ann', 'ExternalAddressAdd', EXTERNAL)).text,
  mailbox: async bench => {
    const { text } = await bench.as('ann', 'VoicemailboxAdd', MAILBOX)
    return /<VoicemailboxId>(\d+)</.exec(text)?.[1] ?? ''
  },
  async calls(bench) {
    await bench.buy()
    const [number] = dids(await bench.as('ann', 'DidBrowse', {}))
    const at = bench.world.core.clock.now() + 600_000
    const told = { e164: `+${number?.Number}`, endedAt: at, durationSeconds: 90, other: '+12025550143' } as const
    await bench.world.core.calls.recordAll([
      { ...told, direction: 'inbound', answered: true, ringSeconds: 10, price: 12_500 },
      { ...told, direction: 'outbound', answered: false, endedAt: at + 60_000, disposition: 'busy' },
    ])
    return ''
  },
  async failures({ client }) {
    for (let count = 0; count < 6; count++) {
      await client.call('SessionCreate', { Username: 'example_ann', Password: `wrong${count}` })
    }
    return ''
  },
  foreign: async bench => String(dids(await bench.as('gil', 'DidBrowse'))[0]?.DidId),
  ...Object.fromEntries(
    (['ann', 'bob', 'gil', 'op'] as const).map((who: Who) => [who, (bench: OnsipBench) => bench.session(who)]),
  ),
}

/** What differs from run to run: the time a request took, keys of the database, drawn tokens. */
function masked(text: string, values: ReadonlyMap<string, string>): string {
  const own = [...values].filter(([, value]) => /^[a-z0-9]{26}$/.test(value))
  const shown = own.reduce((result, [name, value]) => result.replaceAll(value, `{{${name}}}`), text)
  const ids = new Map([...values].map(([name, value]) => [value, name]))
  return shown
    .replace(/(<Duration>|"Duration": ")\d+/g, '$1{{Duration}}')
    .replace(/(<SessionId>|"SessionId": ")[a-z0-9]{26}/g, '$1{{SessionId}}')
    .replace(/(<AddressId>|"AddressId": ")\d+/g, '$1{{AddressId}}')
    .replace(/(<(CdrId|VoicemailboxId)>)\d+/g, '$1{{$2}}')
    .replace(/(<Name>VoicemailboxId<\/Name>\s*<Value>)\d+/g, '$1{{mailbox}}')
    .replace(/(<NewPassword>)[^<]+/g, '$1{{NewPassword}}')
    .replace(/(<Password>)[A-Za-z2-9]{12}</g, '$1{{SipPassword}}<')
    .replace(/(<User>\s*<UserId>)(?!(?:501|502|601|602|701)<)\d+/g, '$1{{UserId}}')
    .replace(/(<DidId>|"DidId": ")(\d+)/g, (_, tag, id) => `${tag}{{${ids.get(id) ?? 'DidId'}}}`)
    .replace(/(<Name>DidId<\/Name>\s*<Value>|"Name": "DidId",\s*"Value": ")(\d+)/g, (all, tag, id) =>
      ids.has(id) ? `${tag}{{${ids.get(id)}}}` : all,
    )
}

export const exchanges: Exchanges = {
  world: onsipWorld,
  headers: ['content-type', 'allow', 'www-authenticate'],
  masked,
  check: answerOf,
  getsAct: true,
  given: Object.fromEntries(
    Object.entries(GIVEN).map(([name, give]) => [name, (world: TestWorld) => give(benchIn(world))]),
  ),
}
