/** The grammar of bandwidth's answers takes what we mean to send, and no slip of it. */
import { expect, it } from 'vitest'
import { bandwidthGrammar } from './grammar.ts'

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
  `<OrderResponse><ErrorList><Error><Code>5009</Code><Description>d</Description></Error></ErrorList><Order><CustomerOrderId>a_b</CustomerOrderId><Name>n</Name><OrderCreateDate>${AT}</OrderCreateDate><PeerId>x</PeerId><BackOrderRequested>perhaps</BackOrderRequested><AreaCodeSearchAndOrderType><AreaCode>1</AreaCode><Quantity>many</Quantity></AreaCodeSearchAndOrderType><PartialAllowed>true</PartialAllowed><SiteId>x</SiteId><TnAttributes><TnAttribute>t</TnAttribute></TnAttributes></Order></OrderResponse>`,
  `<OrderResponse><ErrorList><Error><Code>5070</Code><Description>d</Description></Error></ErrorList><Order><OrderCreateDate>${AT}</OrderCreateDate><BackOrderRequested>false</BackOrderRequested><ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>919555014</TelephoneNumber></TelephoneNumberList><ReservationIdList><ReservationId>r</ReservationId></ReservationIdList></ExistingTelephoneNumberOrderType><PartialAllowed>true</PartialAllowed></Order></OrderResponse>`,
  `<DisconnectTelephoneNumberOrderResponse><ErrorList><Error><Code>5084</Code><Description>d</Description></Error></ErrorList><orderRequest><CustomerOrderId>c</CustomerOrderId><Name>n</Name><OrderCreateDate>${AT}</OrderCreateDate><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>9195550142</TelephoneNumber></TelephoneNumberList><Protected>p</Protected><DisconnectMode>never</DisconnectMode></DisconnectTelephoneNumberOrderType></orderRequest></DisconnectTelephoneNumberOrderResponse>`,
  `<MoveTnsOrder><OrderCreateDate>${AT}</OrderCreateDate><AccountId>9900012</AccountId><SourceAccountId>9900013</SourceAccountId><CreatedByUser>u</CreatedByUser><CustomerOrderId>c</CustomerOrderId><OrderId>${GUID}</OrderId><LastModifiedDate>${AT}</LastModifiedDate><SiteId>1</SiteId><TelephoneNumbers><TelephoneNumber>9195550142</TelephoneNumber></TelephoneNumbers><ProcessingStatus>FAILED</ProcessingStatus><SipPeerId>2</SipPeerId><Errors><Error><Code>7518</Code><Description>d</Description><TelephoneNumbers><TelephoneNumber>9195550142</TelephoneNumber></TelephoneNumbers></Error></Errors></MoveTnsOrder>`,
  `<MoveTnsOrders><TotalCount>1</TotalCount><Links><first>x</first></Links><MoveTnsOrderSummary><accountId>9900012</accountId><SourceAccountId>9900013</SourceAccountId><CountOfTNs>1</CountOfTNs><CustomerOrderId>c</CustomerOrderId><userId>u</userId><lastModifiedDate>${AT}</lastModifiedDate><OrderDate>${AT}</OrderDate><OrderType>move_tn_orders</OrderType><OrderStatus>COMPLETE</OrderStatus><OrderId>${GUID}</OrderId></MoveTnsOrderSummary></MoveTnsOrders>`,
  '<SipPeerTelephoneNumberMoveResponse><SipPeerTelephoneNumbers><FullNumber>9195550142</FullNumber></SipPeerTelephoneNumbers></SipPeerTelephoneNumberMoveResponse>',
  '<CoveredRateCenters><TotalCount>1</TotalCount><Links><first>x</first></Links><CoveredRateCenter><Name>n</Name><Abbreviation>a</Abbreviation><State>NC</State></CoveredRateCenter></CoveredRateCenters>',
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
    ['<OrderType>move_tn_orders<', '<OrderType>new_number<'],
    ['<Code>7518<', '<Code>none<'],
    [`<OrderCreateDate>${AT}</OrderCreateDate><PeerId>`, '<OrderCreateDate>now</OrderCreateDate><PeerId>'],
  ]
  for (const [right, bad] of wrong) {
    const xml = RIGHT.find(each => each.includes(right)) ?? ''
    expect(check(xml.replace(right, bad)), bad).not.toEqual([])
  }
})
