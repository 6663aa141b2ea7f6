import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 12 buys what all others buy', async () => expect(await buyOnDay(12)).toHaveLength(10))
