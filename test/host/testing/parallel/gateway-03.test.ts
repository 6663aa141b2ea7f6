import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 3 buys what all others buy', async () => expect(await buyOnDay(3)).toHaveLength(10))
