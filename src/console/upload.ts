import type { MiddlewareHandler } from 'hono'
import type { AdminEnv } from '../admin/context.ts'
import { typedIn } from './act.ts'
import { type Answer, isRefusal, queryText, refusal } from './client.ts'
import type { Notice, View } from './view.ts'

/** A browser without scripts sends the file within a form, which is held in memory. */
const FORM_BYTES = 64 * 1_048_576
const SWITCHES = ['owned', 'keep_good', 'dry_run'] as const
export const IMPORT_FORM = 'import'

type Context = View['c']
type Report = View['report']

const isForm = (c: Context) => /^multipart\/form-data/i.test(c.req.header('content-type') ?? '')

/** Before anything of a form is read. */
export const limitUpload: MiddlewareHandler<AdminEnv> = async (c, next) => {
  if (isForm(c) && Number(c.req.header('content-length') ?? Infinity) > FORM_BYTES) {
    throw refusal(413, `Without scripts a file may have ${FORM_BYTES} bytes: use the command line, or scripts.`)
  }
  await next()
}

/** What came of the file, or why the gateway did not take it. */
export async function doImport(view: View): Promise<{ report: Report } | { notice: Notice; status: number }> {
  try {
    return { report: await send(view) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const typed = isForm(view.c) ? typedIn(await view.c.req.formData()) : {}
    const refused = { form: IMPORT_FORM, typed, issues: error.issues }
    return { notice: { isError: true, text: error.message, refused }, status: error.status }
  }
}

/** The file goes on to the admin API as it is; with scripts it streams, and may be of any size. */
async function send({ c, admin }: View): Promise<Report> {
  const form = isForm(c) ? await c.req.formData() : undefined
  const asked = (name: string) => (form ? String(form.get(name) ?? '') : (c.req.query(name) ?? ''))
  const wanted = Object.fromEntries(SWITCHES.map(name => [name, asked(name)]))
  const file = form?.get('file')
  const body = file instanceof File ? file.stream() : form ? null : c.req.raw.body
  const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body, duplex: 'half' } as RequestInit
  const answer = await admin.raw(`/numbers/import${queryText(wanted)}`, init)
  const told = (await answer.json()) as Answer
  if (!answer.ok) throw refusal(answer.status, told.error?.message ?? 'The file cannot be imported.')
  return { ...told, dry_run: wanted.dry_run === 'true' }
}
