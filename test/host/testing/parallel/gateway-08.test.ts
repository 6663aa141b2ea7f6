import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 8 buys what all others buy', async () => expect(await buyOnDay(8)).toHaveLength(10))
