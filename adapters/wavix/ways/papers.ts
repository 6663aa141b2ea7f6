import { Fault } from '../../../core/ground/fault.ts'
import type { DocumentType } from '../../../core/ground/model.ts'
import type { UploadedFile } from '../../kit/body.ts'
import { typeByContent } from '../../kit/file-type.ts'
import { MAX_LIST } from '../../kit/limits.ts'
import { invalid } from '../fields/common.ts'
import { docTypeOf } from '../ids.ts'

const MAX_BYTES = 10 * 1024 * 1024

export interface Upload {
  ids: string[]
  file: { type: DocumentType; fileName: string; contentType: string; content: Uint8Array }
}

/** Parts in any order. Faults: invalid_input naming `did_ids`, `doc_id` or `doc_attachment`. */
export function readUpload(body: unknown): Upload {
  const parts = new Map(Array.isArray(body) ? (body as [string, string | UploadedFile][]) : [])
  const named = parts.get('did_ids')
  const ids =
    typeof named === 'string'
      ? named
          .split(',', MAX_LIST + 1)
          .map(id => id.trim())
          .filter(id => id !== '')
      : []
  if (ids.length === 0 || ids.length > MAX_LIST) throw invalid('did_ids')
  const type = docTypeOf(String(parts.get('doc_id')).trim())
  if (!type) throw invalid('doc_id')
  const file = parts.get('doc_attachment')
  if (typeof file !== 'object' || file.bytes.byteLength > MAX_BYTES) throw invalid('doc_attachment')
  const contentType = typeByContent(file.bytes)
  if (!contentType) throw invalid('doc_attachment')
  return { ids: [...new Set(ids)], file: { type, fileName: file.name, contentType, content: file.bytes } }
}

export function missingPaper(id: string): Fault<'not_found'> {
  return new Fault('not_found', { what: 'document', id })
}
