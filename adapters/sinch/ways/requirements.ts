/**
 * What a region asks for, in the provider's form, out of the papers that our numbers need. The provider's own rules of each
 * region are not published: it says that they are a free-form object, and shows what is sent for Australia.
 */
import type { Issue } from '../../../core/ground/fault.ts'
import type { DocumentType } from '../../../core/ground/model.ts'
import { FILE_TYPES } from '../../kit/file-type.ts'
import { issue } from '../fields/numbers.ts'
import { ulidOf } from '../wire/crockford.ts'

interface Paper {
  /** Of every region alike. */
  id: string
  title: string
  description: string
  documentTypes: string[]
  fields: readonly string[]
}

const ADDRESS = ['endBusinessName', 'endBusinessAddress', 'city', 'country', 'postalCode']
const ADDRESS_PAPERS = ['Utility Bill', 'Bank Statement', 'Company Registration']
const paperId = (n: number) => ulidOf(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)

const PAPERS: Readonly<Record<DocumentType, Paper>> = {
  id: {
    id: paperId(1),
    title: 'Proof of identity',
    description: 'A document that shows who will use the number.',
    documentTypes: ['Passport', "Driver's License", 'National ID'],
    fields: ['firstName', 'lastName', 'phoneNumber'],
  },
  address: {
    id: paperId(2),
    title: 'Proof of address',
    description: 'A document that shows the address of who will use the number.',
    documentTypes: ADDRESS_PAPERS,
    fields: ADDRESS,
  },
  localaddress: {
    id: paperId(3),
    title: 'Proof of local address',
    description: 'A document that shows an address in the area of the number.',
    documentTypes: ADDRESS_PAPERS,
    fields: ADDRESS,
  },
}

export function attachmentId(type: DocumentType): string {
  return PAPERS[type].id
}

/** One of those that are asked for. */
export function paperOf(documents: readonly DocumentType[], id: string): DocumentType | undefined {
  return documents.find(type => PAPERS[type].id === id.toLowerCase())
}

export function documentTypesOf(type: DocumentType): readonly string[] {
  return PAPERS[type].documentTypes
}

const MAX_TEXT = 255

/** Members of this name are asked for once, whichever papers want them. */
function fieldsOf(documents: readonly DocumentType[]): string[][] {
  const groups = new Set(documents.map(type => PAPERS[type].fields.join(' ')))
  return [...groups].map(group => group.split(' '))
}

/** `fields` are free-form: rules in the order of the members of `data`, each with a template of what belongs there. */
export function requirementsView(documents: readonly DocumentType[]) {
  const asked = { type: 'string', mandatory: true, maxLength: MAX_TEXT }
  return {
    fields: {
      rules: fieldsOf(documents).map(names => ({ template: Object.fromEntries(names.map(name => [name, asked])) })),
    },
    attachments: documents.map(type => ({
      id: PAPERS[type].id,
      title: PAPERS[type].title,
      description: PAPERS[type].description,
      mandatory: true,
      template: [],
      allowedMimeTypes: FILE_TYPES,
      allowedDocumentTypes: PAPERS[type].documentTypes,
    })),
  }
}

/** Members of all objects in it, at any depth: the provider nests them by region. The first that says something counts. */
function membersOf(value: unknown, found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return found
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object') membersOf(member, found)
    else if (!found.has(name) || found.get(name) === '') found.set(name, member)
  }
  return found
}

/** What is missing or wrong in what was sent. */
export function registrationIssues(documents: readonly DocumentType[], details: unknown): Issue[] {
  const members = membersOf(details)
  return fieldsOf(documents)
    .flat()
    .flatMap(name => {
      const value = members.get(name)
      const field = `requestDetails.data.${name}`
      if (value === undefined || value === '') return [issue(field, 'must not be empty')]
      if (typeof value !== 'string') return [issue(field, 'must be a string')]
      return value.length > MAX_TEXT ? [issue(field, `must have at most ${MAX_TEXT} characters`)] : []
    })
}
