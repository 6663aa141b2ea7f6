import type { Address } from '../http/address.ts'
import type { Connection } from '../http/listen.ts'
import type { RunningWorld } from '../worlds/world.ts'
import { type Named, spaceNamed } from './names.ts'
import type { Spaces } from './spaces.ts'

const AT_THE_MOUNTS: Address = {}

/** Answers of the data plane: the program's own world, and the spaces that are named by path or host. */
export function createDataFront(world: RunningWorld, spaces: Spaces | undefined) {
  return (request: Request, dialect?: string, connection?: Connection): Promise<Response> => {
    const named = spaces && spaceNamed(request.url)
    if (named) return inSpace(spaces, named, { request, dialect, connection })
    return world.fetch(request, dialect === undefined ? AT_THE_MOUNTS : { dialect }, connection)
  }
}

interface Asked {
  request: Request
  dialect: string | undefined
  connection: Connection | undefined
}

async function inSpace(spaces: Spaces, { name, prefix }: Named, { request, dialect, connection }: Asked) {
  const space = spaces.find(name)
  if (!space) return unknown(name)
  try {
    return await space.fetch(request, { dialect, prefix, isOwnOrigin: prefix === undefined }, connection)
  } catch (error) {
    if (space.isClosed()) return unknown(name)
    throw error
  }
}

function unknown(name: string): Response {
  const message = `There is no space "${name}" here (any more): POST /admin/v1/spaces makes one.`
  return Response.json({ error: 'not_found', message }, { status: 404 })
}
