/** One open world with a client and lazily made sessions of everybody in it. */
import { afterAll, beforeAll, expect } from 'vitest'
import type { EngineName } from '../../support/engines.ts'
import { ORIGIN, openWorlds, type TestWorld } from '../../support/world.ts'
import { type Answer, all, at, type Image, type OnsipClient, onsipClient, type Parameters } from './client.ts'
import { onsipWorld } from './world.ts'

export const BASE = `${ORIGIN}/onsip`
export const DENIED = 'Action AccountAuthorization.Required'

const LOGINS = { ann: 'example_ann', bob: 'example_bob', gil: 'globex_gil', ora: 'globex_ora', op: 'operator' }
export type Who = keyof typeof LOGINS

export interface OnsipBench {
  world: TestWorld
  client: OnsipClient
  /** A session id, made once. */
  session(who: Who): Promise<string>
  /** An action in the name of one of them. */
  as(who: Who, action: string, parameters?: Parameters): Promise<Answer>
  /** Buys one number, for user 501 unless told otherwise, and gives its DidId. */
  buy(who?: Who, npaNxx?: string, userId?: number): Promise<string>
}

/** Registers the hooks: one database for the file, a fresh world for each test that asks for one. */
export function useBench(engine: EngineName): () => Promise<OnsipBench> {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld | undefined
  const checkLast = async () => {
    if (world) expect(await world.core.invariants()).toMatchObject({ ok: true })
    world = undefined
  }
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(async () => {
    await checkLast()
    await worlds.drop()
  })
  return async () => {
    await checkLast()
    world = await worlds.open(onsipWorld)
    return benchIn(world)
  }
}

const benches = new WeakMap<TestWorld, OnsipBench>()

/** The one of this world. */
export function benchIn(world: TestWorld): OnsipBench {
  const bench = benches.get(world) ?? createBench(world)
  benches.set(world, bench)
  return bench
}

function createBench(world: TestWorld): OnsipBench {
  const client = onsipClient(world.send, BASE)
  const sessions = new Map<Who, Promise<string>>()
  const session = (who: Who) => {
    const held = sessions.get(who) ?? client.login(LOGINS[who], 'pw')
    sessions.set(who, held)
    return held
  }
  const as: OnsipBench['as'] = async (who, action, parameters = {}) =>
    client.call(action, { SessionId: await session(who), ...parameters })
  return {
    world,
    client,
    session,
    as,
    async buy(who = 'ann', npaNxx = '212789', userId = 501) {
      const answer = await as(who, 'DidRequest', { UserId: userId, Protocol: 'sip', [`NpaNxx[${npaNxx}]`]: 1 })
      return String(dids(answer)[0]?.DidId)
    },
  }
}

/** The numbers listed in an answer. */
export function dids(answer: Answer): Record<string, Image>[] {
  const [result] = Object.values((at(answer, 'Result') ?? {}) as Record<string, Image>)
  const list = (result as Record<string, Record<string, Image>> | undefined)?.Dids?.Did
  return all(list) as Record<string, Image>[]
}
