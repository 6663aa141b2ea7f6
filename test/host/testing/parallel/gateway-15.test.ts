import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 15 buys what all others buy', async () => expect(await buyOnDay(15)).toHaveLength(10))
