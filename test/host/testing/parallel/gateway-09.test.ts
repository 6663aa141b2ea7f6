import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 9 buys what all others buy', async () => expect(await buyOnDay(9)).toHaveLength(10))
