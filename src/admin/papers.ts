import * as v from 'valibot'
import { DOCUMENT, listOf, PROFILE } from './examples.ts'
import { idOf } from './input.ts'
import { presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const ofPapers = v.object({ status: v.optional(v.picklist(['pending', 'approved', 'rejected'])) })
const ofProfiles = v.object({
  status: v.optional(v.picklist(['incomplete', 'in_review', 'approved', 'rejected'])),
})

/** Papers and company profiles of all accounts, for whoever decides them. */
export const papers: AdminModule = [
  route(
    'GET /documents',
    {
      summary: 'Papers that customers handed in, newest first',
      query: ofPapers,
      paged: true,
      answer: listOf('documents', { ...DOCUMENT, e164: '+5491123450000' }),
    },
    async ({ core }, c, given) => {
      const page = given.page()
      const { status } = given.query()
      const listed = await core.oversight.documents(status === undefined ? {} : { status }, page)
      return c.json(presentPage('documents', listed, page))
    },
  ),
  route(
    'GET /documents/:id/content',
    {
      summary: 'The bytes of a paper, to be kept as a file',
      description: 'Always as an attachment of unknown type: what a stranger sent is never opened in this origin.',
      gives: 'application/octet-stream',
    },
    async ({ core }, c) => {
      const bytes = await core.documents.content(idOf(c, 'document'))
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="document-${idOf(c, 'document')}"`,
      })
    },
  ),
  route(
    'GET /company-profiles',
    {
      summary: 'Company profiles of all accounts, newest first',
      query: ofProfiles,
      paged: true,
      answer: listOf('company_profiles', PROFILE),
    },
    async ({ core }, c, given) => {
      const page = given.page()
      const { status } = given.query()
      const listed = await core.oversight.companyProfiles(status === undefined ? {} : { status }, page)
      return c.json(presentPage('company_profiles', listed, page))
    },
  ),
]
