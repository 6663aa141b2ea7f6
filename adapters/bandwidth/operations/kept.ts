/** What an account keeps at this surface (sites, peers, subscriptions) is made, read, changed and ended in one shape. */
import { isFault } from '../../../core/ground/fault.ts'
import type { Resource } from '../../../core/ground/model.ts'
import type { NamedBy } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import type { Element } from '../../kit/xml-read.ts'
import { refuse, statusFaults } from '../faults.ts'
import { rootOf } from '../fields/documents.ts'
import { doc } from '../wire/nodes.ts'
import { type Acting, common, created, errors, type Refusal } from './common.ts'

export interface Shelf<I> {
  /** Path of all of them, and the parameter that names one. */
  path: string
  parameter: string
  /** Element of a request, and root of what answers about one. */
  element: string
  root: string
  faults?: ReturnType<typeof statusFaults>
  /** What a document asks for. Faults: invalid_input. */
  read(call: Acting, element: Element): I
  /** The root of the list, and all that stands in it. */
  listed: { root: string; of(call: Acting): Promise<XmlNode> }
  /** Below the root. */
  shown(found: Resource): XmlNode
  /** Faults: not_found. */
  find(call: Acting): Promise<Resource>
  make(call: Acting, input: I): Promise<number>
  change(call: Acting, found: Resource, input: I): Promise<void>
  /** What names it, so that it stays, and how that is told. */
  keptBy?: { named: NamedBy; told: Readonly<Record<string, [code: number, message: string]>> }
  /** How listing and making are refused. */
  listFails?: readonly Refusal[]
  makingFails: readonly Refusal[]
}

const reading = { ...common, scope: 'account:read' } as const
const writing = { ...common, scope: 'account:write' } as const

/** Faults: not_found, invalid_input (it is needed). */
async function end({ core, caller }: Acting, { id }: Resource, keptBy: Shelf<unknown>['keptBy']): Promise<void> {
  try {
    await core.resources.remove(caller, id, { ...(keptBy && { unlessInUse: keptBy.named }) })
  } catch (error) {
    const told = isFault(error, 'wrong_state') ? keptBy?.told[error.details.state] : undefined
    if (told) refuse(...told)
    throw error
  }
}

/** List, make, read, change, end. */
export function keptOperations<I>(shelf: Shelf<I>): readonly Operation[] {
  const { path, parameter, element, root, faults = statusFaults(root), listFails = [], makingFails } = shelf
  const one = `${path}/:${parameter}`
  const inUse: Refusal[] = shelf.keptBy ? [400] : []
  const asked = (call: Acting) => shelf.read(call, rootOf(call.inbound, element))
  return [
    operation({
      ...{ ...reading, faults, on: `GET ${path}` },
      answers: { 200: shelf.listed.root, ...errors(root, ...listFails) },
      handle: async call => ({ body: doc(shelf.listed.root, await shelf.listed.of(call)) }),
    }),
    operation({
      ...{ ...writing, faults, on: `POST ${path}` },
      answers: { 201: 'empty', ...errors(root, ...makingFails) },
      handle: async call => created(call, await shelf.make(call, asked(call))),
    }),
    operation({
      ...{ ...reading, faults, on: `GET ${one}` },
      answers: { 200: root, ...errors(root, 404) },
      handle: async call => ({ body: doc(root, shelf.shown(await shelf.find(call))) }),
    }),
    operation({
      ...{ ...writing, faults, on: `PUT ${one}` },
      answers: { 200: 'empty', ...errors(root, 400, 404) },
      async handle(call) {
        const input = asked(call)
        await shelf.change(call, await shelf.find(call), input)
        return { status: 200 }
      },
    }),
    operation({
      ...{ ...writing, faults, on: `DELETE ${one}` },
      answers: { 200: 'empty', ...errors(root, 404, ...inUse) },
      async handle(call) {
        await end(call, await shelf.find(call), shelf.keptBy)
        return { status: 200 }
      },
    }),
  ]
}
