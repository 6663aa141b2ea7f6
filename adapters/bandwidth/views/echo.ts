/**
 * What a refused order said, told back beside what is wrong with it. Nothing of it was checked: it is text as it came, of
 * the elements that are known, and no more than an order may have.
 */
import type { Inbound } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { childOf, type Element, listOf, textOf } from '../../kit/xml-read.ts'
import { criteriaNames, EXISTING, MOST_NUMBERS, typesOf } from '../fields/documents.ts'
import { timeText } from '../ids.ts'
import { doc, each, el, some } from '../wire/nodes.ts'

const MOST_TEXT = 255
const MOST_ATTRIBUTES = 20

function told(element: Element, name: string, usual?: string): XmlNode | undefined {
  return el(name, textOf(element, name.toLowerCase())?.slice(0, MOST_TEXT) ?? usual)
}

function toldList(element: Element, container: string, item: string, most = MOST_NUMBERS): XmlNode | undefined {
  const texts = listOf(element, container.toLowerCase(), item.toLowerCase()).filter(text => text !== '')
  return some(
    container,
    each(
      item,
      texts.slice(0, most).map(text => text.slice(0, MOST_TEXT)),
    ),
  )
}

function toldType(order: Element): XmlNode | undefined {
  const [first] = typesOf(order)
  if (!first) return undefined
  const { type, element } = first
  if (type !== EXISTING) return doc(type, ...[...criteriaNames(type), 'Quantity'].map(name => told(element, name)))
  const lists = [
    toldList(element, 'TelephoneNumberList', 'TelephoneNumber'),
    toldList(element, 'ReservationIdList', 'ReservationId'),
  ]
  return doc(type, ...lists)
}

const arrivedAt = ({ notes }: Inbound) => el('OrderCreateDate', timeText(Number(notes.arrivedAt)))

export function orderEcho(inbound: Inbound): XmlNode | undefined {
  const order = inbound.body as Element | undefined
  if (order?.name !== 'order') return undefined
  return doc(
    'Order',
    told(order, 'CustomerOrderId'),
    told(order, 'Name'),
    arrivedAt(inbound),
    told(order, 'PeerId'),
    told(order, 'BackOrderRequested', 'false'),
    toldType(order),
    told(order, 'PartialAllowed', 'true'),
    told(order, 'SiteId'),
    toldList(order, 'TnAttributes', 'TnAttribute', MOST_ATTRIBUTES),
  )
}

const RETURN_TYPE = 'DisconnectTelephoneNumberOrderType'

export function returnEcho(inbound: Inbound): XmlNode | undefined {
  const order = inbound.body as Element | undefined
  if (order?.name !== 'disconnecttelephonenumberorder') return undefined
  const type = childOf(order, RETURN_TYPE.toLowerCase())
  return doc(
    'orderRequest',
    told(order, 'CustomerOrderId'),
    told(order, 'Name'),
    arrivedAt(inbound),
    type &&
      doc(
        RETURN_TYPE,
        toldList(type, 'TelephoneNumberList', 'TelephoneNumber'),
        told(type, 'Protected'),
        told(type, 'DisconnectMode'),
      ),
  )
}
