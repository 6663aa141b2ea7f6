import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 5 buys what all others buy', async () => expect(await buyOnDay(5)).toHaveLength(10))
