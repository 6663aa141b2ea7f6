import { bodyOf } from './body.ts'
import { isRefusal, refusal } from './client.ts'
import type { Notice, Refused, View } from './view.ts'

const CALL = /^(POST|PATCH|DELETE) (\/[^\s?#]*)$/

/** Make the call that the form asks for, as anybody with the admin API could; tell what came of it. */
export async function doCall(view: View): Promise<{ notice: Notice; back: string }> {
  const form = await view.c.req.formData()
  const field = (name: string) => String(form.get(name) ?? '')
  // the page on which the form is, and where it leads to when it is done
  const here = ownPath(field('_here')) ?? view.base
  const back = ownPath(field('_back')) ?? here
  const [, method = '', path = ''] = CALL.exec(field('_call')) ?? []
  if (path === '' || /(^|\/)\.\.?(\/|$)|%2e|\\/i.test(path)) throw refusal(400, 'This form names no call.')
  try {
    const body = bodyOf(form)
    const answer = await view.admin.send(method, path, method === 'DELETE' ? undefined : body)
    return { notice: { isError: false, text: field('_done'), ...shownOf(field('_show'), answer) }, back }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const refused = { form: field('_form'), typed: typedIn(form), issues: error.issues }
    return { notice: { isError: true, text: error.message, refused }, back: `${here}#refused` }
  }
}

/** What somebody typed into a form: all of it but what the page itself put there. */
export function typedIn(form: FormData): Refused['typed'] {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) => (name.startsWith('_') || typeof value !== 'string' ? [] : [[name, value]])),
  )
}

/** A page of ours and nowhere else, whatever the form says. */
export function ownPath(path: string): string | undefined {
  if (!path.startsWith('/console') || !URL.canParse(path, 'http://127.0.0.1')) return undefined
  const url = new URL(path, 'http://127.0.0.1')
  const isOurs = url.host === '127.0.0.1' && /^\/console(\/|$)/.test(url.pathname)
  return isOurs ? `${url.pathname}${url.search}` : undefined
}

function shownOf(names: string, answer: Record<string, unknown>): Pick<Notice, 'shown'> {
  const wanted = names.split(',').filter(name => name !== '' && answer[name] !== undefined && answer[name] !== null)
  if (wanted.length === 0) return {}
  return { shown: Object.fromEntries(wanted.map(name => [name, answer[name]])) }
}
