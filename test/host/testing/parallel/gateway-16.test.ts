import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 16 buys what all others buy', async () => expect(await buyOnDay(16)).toHaveLength(10))
