import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 20 buys what all others buy', async () => expect(await buyOnDay(20)).toHaveLength(10))
