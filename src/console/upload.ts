import { type Answer, queryText, refusal } from './client.ts'
import type { View } from './view.ts'

/** A browser without scripts sends the file within a form, which is held in memory. */
const FORM_BYTES = 64 * 1_048_576
const SWITCHES = ['owned', 'keep_good', 'dry_run'] as const

type Report = View['report']

/** The file goes on to the admin API as it is; with scripts it streams, and may be of any size. */
export async function doImport(view: View): Promise<Report> {
  const { c } = view
  const isForm = /^multipart\/form-data/i.test(c.req.header('content-type') ?? '')
  if (isForm && Number(c.req.header('content-length') ?? Infinity) > FORM_BYTES) {
    throw refusal(413, `Without scripts a file may have ${FORM_BYTES} bytes: use the command line, or scripts.`)
  }
  const form = isForm ? await c.req.formData() : undefined
  const asked = (name: string) => (form ? String(form.get(name) ?? '') : (c.req.query(name) ?? ''))
  const wanted = Object.fromEntries(SWITCHES.map(name => [name, asked(name)]))
  const file = form?.get('file')
  const body = file instanceof File ? file.stream() : isForm ? null : c.req.raw.body
  const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body, duplex: 'half' } as RequestInit
  const answer = await view.admin.raw(`/numbers/import${queryText(wanted)}`, init)
  const told = (await answer.json()) as Answer
  if (!answer.ok) throw refusal(answer.status, told.error?.message ?? 'The file cannot be imported.')
  return { ...told, dry_run: wanted.dry_run === 'true' }
}
