import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 4 buys what all others buy', async () => expect(await buyOnDay(4)).toHaveLength(10))
