/** NpaNxxBrowse, whose answers are kept rendered. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type OnsipBench, useBench } from './bench.ts'
import { all, at, failure, type Image } from './client.ts'

describe('onsip inventory', () => {
  let bench: OnsipBench
  const open = useBench('sqlite')
  beforeEach(async () => {
    bench = await open()
  })

  type Npa = Record<string, Image>
  const npas = async (parameters: Record<string, string | number> = {}) => {
    const xml = await bench.client.call('NpaNxxBrowse', parameters)
    const json = await bench.client.json('NpaNxxBrowse', parameters)
    expect(json.body.Result).toEqual(xml.body.Result)
    return all(at(xml, 'Result.NpaNxxBrowse.Npas.Npa')) as Npa[]
  }
  const status = (list: Npa[], npa: string, nxx: string) => {
    const found = list.find(each => each.Num === npa)
    const exchanges = all(at({ body: found as Npa }, 'Nxxs.Nxx')) as Npa[]
    return exchanges.find(each => each.Num === nxx)?.Status
  }

  it('is in order, with states where there are some', async () => {
    const list = await npas()
    expect(list.map(each => [each.Num, at({ body: each }, 'PostalCode.Code')])).toEqual([
      ['212', 'NY'],
      ['213', 'CA'],
      ['710', undefined],
    ])
    expect(at({ body: list[1] as Npa }, 'PostalCode.Name')).toBe('California')
  })

  it('is narrowed on request', async () => {
    const found = async (parameters: Record<string, string | number>) => (await npas(parameters)).map(({ Num }) => Num)
    expect(await found({ Npa: 213 })).toEqual(['213'])
    expect(await found({ State: 'ny' })).toEqual(['212'])
    expect(await found({ Limit: 2 })).toEqual(['212', '213'])
    expect(await found({ Npa: 999 })).toEqual([])
    expect(await found({ Npa: 212, State: 'CA' })).toEqual([])
    expect(failure(await bench.client.call('NpaNxxBrowse', { Npa: '21' }))).toBe('Request Npa Value.Invalid')
    expect(failure(await bench.client.call('NpaNxxBrowse', { State: 'N' }))).toBe('Request State Value.Invalid')
  })

  it('follows what sells out and comes back', async () => {
    expect(status(await npas(), '213', '789')).toBe('available')
    const DidId = await bench.buy('ann', '213789')
    expect(status(await npas(), '213', '789')).toBe('unavailable')
    expect(status(await npas(), '213', '788')).toBe('available')
    await bench.as('ann', 'DidDelete', { DidId })
    expect(status(await npas(), '213', '789')).toBe('unavailable')
    await bench.world.setClock('2026-06-02T00:00:01Z')
    expect(status(await npas(), '213', '789')).toBe('available')
  })

  it('renders again only the area codes that changed', async () => {
    const { inventory } = bench.world.core
    const asked: unknown[] = []
    const blocks = inventory.blocks
    inventory.blocks = filter => {
      asked.push(filter?.npas)
      return blocks(filter)
    }
    await Promise.all([npas(), npas()])
    await bench.buy('ann', '213789')
    await npas()
    await bench.buy('ann', '212789')
    await npas()
    expect(asked).toEqual([['212', '213', '710'], ['213']])
  })

  it('shows a change in the format that was not asked for before, and beside area codes that did not change', async () => {
    const shown = async (format: 'xml' | 'json') => {
      const answer = await (format === 'xml' ? bench.client.call('NpaNxxBrowse') : bench.client.json('NpaNxxBrowse'))
      return all(at(answer, 'Result.NpaNxxBrowse.Npas.Npa')) as Npa[]
    }
    const before = await shown('json')
    expect(status(before, '213', '789')).toBe('available')
    await bench.buy('ann', '213789')
    const after = await shown('xml')
    expect(status(after, '213', '789')).toBe('unavailable')
    expect(await shown('json')).toEqual(after)
    expect(after.filter(each => each.Num !== '213')).toEqual(before.filter(each => each.Num !== '213'))
  })

  it('is not older than the purchase that its reader knows of', async () => {
    const { inventory } = bench.world.core
    const { blocks } = inventory
    let goOn = () => {}
    const held = new Promise<void>(resolve => {
      goOn = resolve
    })
    const begun = new Promise<void>(resolve => {
      inventory.blocks = async filter => {
        const found = await blocks(filter)
        resolve()
        await held
        return found
      }
    })
    const early = bench.client.call('NpaNxxBrowse')
    await begun
    await bench.buy('ann', '213789')
    const late = bench.client.call('NpaNxxBrowse')
    await new Promise(resolve => setTimeout(resolve, 50))
    goOn()
    expect(status(all(at(await early, 'Result.NpaNxxBrowse.Npas.Npa')) as Npa[], '213', '789')).toBe('available')
    expect(status(all(at(await late, 'Result.NpaNxxBrowse.Npas.Npa')) as Npa[], '213', '789')).toBe('unavailable')
  })
})
