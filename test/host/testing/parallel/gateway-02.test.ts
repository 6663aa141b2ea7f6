import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 2 buys what all others buy', async () => expect(await buyOnDay(2)).toHaveLength(10))
