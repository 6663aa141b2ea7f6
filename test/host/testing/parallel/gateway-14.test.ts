import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 14 buys what all others buy', async () => expect(await buyOnDay(14)).toHaveLength(10))
