/** The console in a real browser: every page, what it does, who may come in, and what strangers wrote shown harmless. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { actions } from './console/actions.case.ts'
import { type Bed, closeBed, NUMBERS, openBed } from './console/bed.ts'
import { doublePages } from './console/double.case.ts'
import { comeIn, goOut } from './console/entrance.case.ts'
import { handsOf } from './console/hands.ts'
import { hostileTexts } from './console/hostile.case.ts'
import { looks } from './console/looks.case.ts'

describe.skipIf(!hasBrowser)('the console in a browser', () => {
  let opened: Bed | undefined
  beforeAll(
    async () => {
      opened = await openBed()
    },
    60_000 + NUMBERS / 2,
  )
  afterAll(() => closeBed(opened))

  const bed = () => opened as Bed
  const hands = handsOf(bed)
  describe('comes in', () => comeIn(bed, hands))
  describe('acts', () => actions(bed, hands))
  describe('asks the double', () => doublePages(bed, hands))
  describe('hostile texts', () => hostileTexts(bed, hands))
  describe('looks', () => looks(bed, hands))
  describe('goes out', () => goOut(bed, hands))

  it('made no error, and asked nobody else', () => {
    expect(bed().trouble).toEqual([])
  })
})
