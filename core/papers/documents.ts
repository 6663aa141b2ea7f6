import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Document, DocumentType } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { type Context, emit, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { lockHeld } from '../numbers/index.ts'
import { lockOpen, writeData } from '../orders/index.ts'
import type { Documents } from '../verbs.ts'

type Meta = Omit<Row<'documents'>, 'content' | 'order_id' | 'content_id'>

export const META = [
  'id',
  'account_id',
  'lease_id',
  'type',
  'file_name',
  'content_type',
  'status',
  'reason',
  'created_at',
  'updated_at',
] as const

export function toDocument(row: Meta): Document {
  return {
    id: row.id,
    accountId: row.account_id,
    leaseId: row.lease_id,
    type: row.type as DocumentType,
    fileName: row.file_name,
    contentType: row.content_type,
    status: row.status as Document['status'],
    reason: row.reason,
    createdAt: row.created_at,
  }
}

type Upload = Parameters<Documents['upload']>[2]

/** A paper that was refused or not yet looked at gives way to a new one; an approved one stays. Faults: wrong_state. */
async function replaceFormer(unit: Unit, leaseId: number, type: DocumentType): Promise<void> {
  const former = await unit.db
    .selectFrom('documents')
    .select(['id', 'status'])
    .where('lease_id', '=', leaseId)
    .where('type', '=', type)
    .execute()
  const approved = former.find(row => row.status === 'approved')
  if (approved) throw new Fault('wrong_state', { what: 'document', id: String(approved.id), state: 'approved' })
  await unit.db.deleteFrom('documents').where('lease_id', '=', leaseId).where('type', '=', type).execute()
}

async function insert(unit: Unit, accountId: number, leaseId: number, file: Upload, orderId: number | null = null) {
  const row = await unit.db
    .insertInto('documents')
    .values({
      account_id: accountId,
      lease_id: leaseId,
      type: file.type,
      file_name: file.fileName,
      content_type: file.contentType,
      content: Buffer.from(file.content),
      status: 'pending',
      reason: null,
      created_at: unit.now,
      updated_at: unit.now,
      order_id: orderId,
      content_id: null,
    })
    .returning(META)
    .executeTakeFirstOrThrow()
  // whoever decides papers finds it among the events
  const data = { documentId: row.id, leaseId, orderId, type: file.type }
  await recordAudit(unit, { accountId, action: 'document.handed_in', subject: String(row.id), data })
  return toDocument(row)
}

async function review(unit: Unit, id: number, status: 'approved' | 'rejected', reason: string): Promise<Document> {
  const row = await unit.db.selectFrom('documents').select(META).where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('document', id)
  const changes = { status, reason, updated_at: unit.now }
  await unit.db.updateTable('documents').set(changes).where('id', '=', id).execute()
  const data = { documentId: id, leaseId: row.lease_id, type: row.type, status, reason }
  await emit(unit, 'document.reviewed', row.account_id, data)
  await recordAudit(unit, { accountId: row.account_id, action: `document.${status}`, subject: String(id), data })
  return toDocument({ ...row, ...changes })
}

export function createDocuments({ store }: Context, run: RunUnit): Documents {
  return {
    upload: (caller, leaseIds, file) =>
      run(caller, async unit => {
        const documents: Document[] = []
        for (const leaseId of leaseIds) {
          await lockHeld(unit, caller, leaseId)
          await replaceFormer(unit, leaseId, file.type)
          documents.push(await insert(unit, caller.account.id, leaseId, file))
        }
        return documents
      }),
    attach: (caller, orderId, file, data = {}) =>
      run(caller, async unit => {
        await writeData(unit, await lockOpen(unit, caller.account.id, orderId), data)
        const former = unit.db.deleteFrom('documents').where('order_id', '=', orderId)
        await former.where('type', '=', file.type).execute()
        return insert(unit, caller.account.id, 0, file, orderId)
      }),
    ofOrder: orderId =>
      store.read(async db => {
        const query = db.selectFrom('documents').select(META).where('order_id', '=', orderId).orderBy('id')
        return (await query.execute()).map(toDocument)
      }),
    list: leaseIds =>
      store.read(async db => {
        if (leaseIds.length === 0) return []
        const rows = await db
          .selectFrom('documents')
          .select(META)
          .where('lease_id', 'in', leaseIds)
          .orderBy('id')
          .execute()
        return rows.map(toDocument)
      }),
    content: id =>
      store.read(async db => {
        const find = (wanted: number) =>
          db.selectFrom('documents').select(['content', 'content_id']).where('id', '=', wanted).executeTakeFirst()
        const row = await find(id)
        const source = row && row.content_id !== null ? await find(row.content_id) : row
        if (!source) throw missing('document', id)
        return new Uint8Array(source.content)
      }),
    review: (actor, id, status, reason) => run(actor, unit => review(unit, id, status, reason)),
  }
}
