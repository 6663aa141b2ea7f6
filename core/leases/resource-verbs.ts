import type { Caller, JsonObject, Listed, Page, Resource } from '../ground/model.ts'

export interface OnlyOne {
  /** Exactly one of those of its kind below its parent has `true` there: the first, until another is said to. */
  onlyOne?: string
}

/** Numbers of the account, and orders that wait for some, name it by its id in this member of the dialect's settings. */
export interface NamedBy {
  dialect: string
  key: string
}

export interface NewResource extends OnlyOne {
  /** Default: the account acted on. */
  accountId?: number
  kind: string
  parentId?: number | null
  name?: string
  data?: JsonObject
  guid?: string
  /** How many of this kind one account may keep; default 1,000. */
  limit?: number
  /** No two of this kind in one account have one name. */
  isNameUnique?: boolean
}

/** What accounts keep at a surface beside numbers. Opaque to the core: kinds and data are the surface's own words. */
export interface Resources {
  /** Faults: limit_reached, name_taken, not_found (parent). */
  create(caller: Caller | null, input: NewResource): Promise<Resource>
  /** By id or guid, whoever keeps it. */
  find(kind: string, key: number | string): Promise<Resource | undefined>
  /** In order of their making. */
  list(
    filter: { accountIds: readonly number[]; kind: string; parentId?: number; name?: string },
    page: Page,
    options?: { descending?: boolean },
  ): Promise<Listed<Resource>>
  /** Decided inside the write unit from what is found there. Faults: not_found (foreign or gone). */
  update(
    caller: Caller,
    id: number,
    decide: (found: Resource) => { name?: string; data?: JsonObject },
    options?: OnlyOne,
  ): Promise<Resource>
  /**
   * With everything below it; numbers that lead to it lead nowhere. Or it stays while there is anything below it
   * (`has_parts`), while a number leads to it or names it (`in_use`), or an order does that waits (`awaited`). Faults:
   * not_found, wrong_state.
   */
  remove(caller: Caller, id: number, options?: { unlessInUse?: boolean | NamedBy }): Promise<void>
}
