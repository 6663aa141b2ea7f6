import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 6 buys what all others buy', async () => expect(await buyOnDay(6)).toHaveLength(10))
