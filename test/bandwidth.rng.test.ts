/** The grammar of bandwidth's answers takes what we mean to send, and no slip of it. */
import { expect, it } from 'vitest'
import { bandwidthGrammar } from './support/grammar.ts'

const GUID = '00000000-0000-4000-8000-000000000001'
const AT = '2026-06-01T00:00:00.000Z'
const echo = `<Order><Name>n</Name><OrderCreateDate>${AT}</OrderCreateDate><BackOrderRequested>false</BackOrderRequested><id>${GUID}</id><AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType><PartialAllowed>true</PartialAllowed><SiteId>1</SiteId></Order>`

const RIGHT = [
  '<SearchResult/>',
  '<SearchResult><ResultCount>1</ResultCount><TelephoneNumberList><TelephoneNumber>9195550142</TelephoneNumber></TelephoneNumberList></SearchResult>',
  '<SearchResult><Error><Code>4000</Code><Description>Please</Description></Error></SearchResult>',
  `<OrderResponse>${echo}<OrderStatus>RECEIVED</OrderStatus></OrderResponse>`,
  `<OrderResponse><CompletedQuantity>1</CompletedQuantity><CreatedByUser>u</CreatedByUser><LastModifiedDate>${AT}</LastModifiedDate><OrderCompleteDate>${AT}</OrderCompleteDate>${echo}<OrderStatus>COMPLETE</OrderStatus><CompletedNumbers><TelephoneNumber><FullNumber>9195550142</FullNumber></TelephoneNumber></CompletedNumbers><Summary>1 number ordered in (919)</Summary><FailedQuantity>0</FailedQuantity></OrderResponse>`,
  '<OrderResponse><ErrorList><Error><Code>5016</Code><Description>The SiteId submitted is invalid.</Description></Error></ErrorList></OrderResponse>',
  `<ReservationResponse><Reservation><ReservationId>${GUID}</ReservationId><AccountId>9900012</AccountId><ReservationExpires>14400</ReservationExpires><ReservedTn>9195550142</ReservedTn></Reservation></ReservationResponse>`,
  '<TNs><TotalCount>1</TotalCount><Links><first>x</first></Links><TelephoneNumbers><Count>1</Count><TelephoneNumber>9195550142</TelephoneNumber></TelephoneNumbers></TNs>',
  '<SitesResponse><Sites><Site><Id>1</Id><Name>Main</Name></Site></Sites></SitesResponse>',
  '<TNSipPeersResponse><SipPeers><SipPeer><PeerId>2</PeerId><PeerName>P</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer></SipPeers></TNSipPeersResponse>',
  '<ErrorResponse><ResponseStatus><Description>The resource does not exist</Description></ResponseStatus></ErrorResponse>',
  `<Notification><SubscriptionId>1</SubscriptionId><OrderType>orders</OrderType><OrderId>${GUID}</OrderId><Status>COMPLETE</Status><Message>m</Message><LastModifiedDate>${AT}</LastModifiedDate></Notification>`,
]

const check = (xml: string) => bandwidthGrammar().check(xml)

it.each(RIGHT)('takes %s', xml => expect(check(xml)).toEqual([]))

/** Each leaf of a document emptied, doubled, renamed, given an attribute; each element beside one that is not ours. */
function slips(xml: string): string[] {
  const leaves = [...xml.matchAll(/<(\w[\w-]*)>([^<]*)<\/\1>/g)]
  return [
    ...leaves.flatMap(({ 0: whole, 1: name = '', 2: text = '', index }) => {
      const put = (other: string) => xml.slice(0, index) + other + xml.slice(index + whole.length)
      return [
        put(`<${name}></${name}>`),
        put(`<${name.toLowerCase()}x>${text}</${name.toLowerCase()}x>`),
        put(`<${name} a="1">${text}</${name}>`),
        put(`<${name}><x/></${name}>`),
        put(`${whole}<Surprise>1</Surprise>`),
      ]
    }),
    xml.replace(/\/?>/, found => ` xmlns="http://example.com"${found}`),
  ]
}

it('takes none of their slips', () => {
  const all = RIGHT.flatMap(slips)
  expect(all.length).toBeGreaterThan(200)
  expect(all.filter(xml => check(xml).length === 0)).toEqual([])
})

it('takes no wrong type', () => {
  const wrong: [string, string][] = [
    ['<ResultCount>1<', '<ResultCount>one<'],
    ['<TelephoneNumber>9195550142<', '<TelephoneNumber>919555014<'],
    ['<ReservationExpires>14400<', '<ReservationExpires>-1<'],
    ['<IsDefaultPeer>true<', '<IsDefaultPeer>yes<'],
    ['<OrderStatus>COMPLETE<', '<OrderStatus>DONE<'],
    [`<OrderCompleteDate>${AT}<`, '<OrderCompleteDate>2026-06-01<'],
    ['<Code>4000<', '<Code>none<'],
  ]
  for (const [right, bad] of wrong) {
    const xml = RIGHT.find(each => each.includes(right)) ?? ''
    expect(check(xml.replace(right, bad)), bad).not.toEqual([])
  }
})
