import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 19 buys what all others buy', async () => expect(await buyOnDay(19)).toHaveLength(10))
