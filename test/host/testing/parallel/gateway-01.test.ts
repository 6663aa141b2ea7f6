import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 1 buys what all others buy', async () => expect(await buyOnDay(1)).toHaveLength(10))
