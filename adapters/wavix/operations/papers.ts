import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { badParameter } from '../faults.ts'
import { docTypeOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { documentView } from '../views/numbers.ts'
import { collectionOf } from '../ways/load.ts'
import { ownedByIds } from '../ways/owners.ts'
import { missingPaper, readUpload } from '../ways/papers.ts'
import { both } from './numbers.ts'

/** The file may have 10 MB; the rest of the form is small. */
const LIMIT = 10 * 1024 * 1024 + 64 * 1024

const upload = operation({
  on: both('POST', '/papers'),
  caller: 'required',
  evidence: 'E1',
  scope: 'numbers:write',
  body: { limit: LIMIT, multipart: true },
  input: v.unknown(),
  answers: { 200: v.array(shape.document), ...shape.errors },
  faults: {
    body_too_large: () => badParameter('doc_attachment'),
    unsupported_media_type: () => badParameter('did_ids'),
    unreadable_body: () => badParameter('did_ids'),
    wrong_state: () => badParameter('doc_id'),
  },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    const { ids, file } = readUpload(inbound.body)
    const owned = await ownedByIds(core, caller, ids)
    const documents = await core.documents.upload(
      caller,
      owned.map(({ lease }) => lease.id),
      file,
    )
    const e164s = new Map(owned.map(({ lease, number }) => [lease.id, number.e164]))
    const view = documents.map(each => documentView(each, e164s.get(each.leaseId) ?? '', collectionOf(inbound)))
    return { body: view }
  },
})

/** `x` is a document's id, or else the id of its type: the documentation shows both. */
const download = operation({
  on: both('GET', '/:id/papers/:x'),
  caller: 'required',
  evidence: 'E1',
  scope: 'numbers:read',
  input: v.object({ id: v.string(), x: v.string() }),
  answers: { 200: 'binary', ...shape.errors },
  async handle({ core, caller }, { id, x }) {
    requireNumbers(caller)
    const [owned] = await ownedByIds(core, caller, [id])
    const documents = await core.documents.list(owned ? [owned.lease.id] : [])
    const found = documents.find(each => String(each.id) === x) ?? documents.find(each => each.type === docTypeOf(x))
    if (!found) throw missingPaper(x)
    const name = found.fileName.replace(/[^\w.-]/g, '_')
    const headers = { 'content-type': found.contentType, 'content-disposition': `attachment; filename="${name}"` }
    return { headers, body: await core.documents.content(found.id) }
  },
})

export const paperOperations: readonly Operation[] = [upload, download]
