/** One answer in three formats says one thing: compared member by member, the XML read by libxml2. */
import { XmlDocument, type XmlElement } from 'libxml2-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pascalCase } from '../../../adapters/kit/documents.ts'
import { openWorld, type TestWorld } from '../../support/world.ts'
import { NOW, OWNER, sidOf, tokenOf, twilioWorld } from './world.ts'

type Json = null | string | number | boolean | Json[] | { [name: string]: Json }
const A = sidOf(OWNER)

/** Every leaf of a JSON value as text, by its path in the spelling of XML. */
function leaves(value: Json, path = '', within = ''): [string, string][] {
  if (value === null || typeof value !== 'object') return [[path, value === null ? '' : String(value)]]
  return Object.entries(value).flatMap(([name, each]) =>
    leaves(each as Json, `${path}/${pascalCase(name, within)}`, name),
  )
}

function elements(element: XmlElement, path = ''): [string, string][] {
  const children: XmlElement[] = []
  for (let node = element.firstChild; node; node = node.next)
    if ('firstChild' in node) children.push(node as XmlElement)
  if (children.length === 0) return [[path, element.content]]
  return children.flatMap(child => elements(child, `${path}/${child.name}`))
}

describe('formats of the twilio dialect', () => {
  let world: TestWorld & { drop(): Promise<void> }
  const ask = async (path: string, form?: Record<string, string>) => {
    const headers = { authorization: `Basic ${Buffer.from(`${A}:${tokenOf(OWNER)}`).toString('base64')}` }
    const url = `${world.base('twilio')}/2010-04-01/Accounts${path}`
    const init = form ? { method: 'POST', headers, body: new URLSearchParams(form) } : { headers }
    return (await world.send(new Request(url, init))).text()
  }
  beforeAll(async () => {
    world = await openWorld('sqlite', twilioWorld('100.00'), { now: NOW })
    const name = `Ann's <desk> & "more" ${'é'}`
    for (const PhoneNumber of ['+12125550142', '+18005550199']) {
      await ask(`/${A}/IncomingPhoneNumbers.json`, {
        PhoneNumber,
        FriendlyName: name,
        VoiceUrl: 'https://e.example/v?a=1&b=2',
      })
    }
  })
  afterAll(() => world.drop())

  it.each([
    ['owned numbers', `/${A}/IncomingPhoneNumbers`, 'incoming_phone_numbers'],
    ['numbers for sale', `/${A}/AvailablePhoneNumbers/US/Local`, 'available_phone_numbers'],
    ['accounts', '', 'accounts'],
  ])('%s: JSON, XML and CSV say the same', async (_, path, name) => {
    const json = JSON.parse(await ask(`${path}.json`)) as { [name: string]: Json }
    const items = json[name] as Json[]
    expect(items.length).toBeGreaterThan(0)
    const document = XmlDocument.fromString(await ask(`${path}.xml`))
    const list = document.root.firstChild as XmlElement
    expect(document.root.name).toBe('TwilioResponse')
    const plain = (text: string) => text.replaceAll('.json', '')
    const told: [string, string][][] = []
    for (let node = list.firstChild; node; node = node.next) told.push(elements(node as XmlElement))
    expect(told).toEqual(items.map(item => leaves(item).map(([at, text]) => [at, plain(text)])))
    for (const [member, value] of Object.entries(json)) {
      if (member === name) continue
      const attribute = list.attr(member.replaceAll('_', ''))?.value
      expect(plain(attribute ?? ''), member).toBe(plain(value === null ? '' : String(value)))
    }
    document.dispose()
    const [head = '', ...rows] = (await ask(`${path}.csv`)).trimEnd().split('\r\n')
    expect(rows).toHaveLength(items.length)
    expect(head.split(',')).toEqual(leaves(items[0] as Json).map(([at]) => at.slice(1).replaceAll('/', '.')))
    const nothing = await ask(`${path}.csv?FriendlyName=nobody&AreaCode=999`)
    // what an account leads to are names of its own
    const known = head.split(',').filter(name => !name.startsWith('SubresourceUris.'))
    expect(nothing).toBe(`${known.join(',')}\r\n`)
  })

  it('an error says the same in JSON and XML', async () => {
    const json = JSON.parse(await ask(`/${A}/IncomingPhoneNumbers/PN0.json`)) as { [name: string]: Json }
    const document = XmlDocument.fromString(await ask(`/${A}/IncomingPhoneNumbers/PN0.xml`))
    const told = elements(document.root.firstChild as XmlElement)
    expect(told.filter(([at]) => at !== '/Message')).toEqual(leaves(json).filter(([at]) => at !== '/Message'))
    document.dispose()
  })
})
