import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 10 buys what all others buy', async () => expect(await buyOnDay(10)).toHaveLength(10))
