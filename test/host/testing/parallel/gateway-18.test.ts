import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 18 buys what all others buy', async () => expect(await buyOnDay(18)).toHaveLength(10))
