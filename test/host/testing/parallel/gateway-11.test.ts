import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 11 buys what all others buy', async () => expect(await buyOnDay(11)).toHaveLength(10))
