import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 7 buys what all others buy', async () => expect(await buyOnDay(7)).toHaveLength(10))
