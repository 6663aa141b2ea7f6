import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 17 buys what all others buy', async () => expect(await buyOnDay(17)).toHaveLength(10))
