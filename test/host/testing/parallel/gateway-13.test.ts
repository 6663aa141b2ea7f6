import { expect, it } from 'vitest'
import { buyOnDay } from '../buyer.ts'

it('file 13 buys what all others buy', async () => expect(await buyOnDay(13)).toHaveLength(10))
