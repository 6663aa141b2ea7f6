import { isRefusal, refusal } from './client.ts'
import { bodyOf } from './forms.tsx'
import type { Notice, View } from './view.ts'

const CALL = /^(POST|PATCH|DELETE) (\/[^\s?#]*)$/

/** Make the call that the form asks for, as anybody with the admin API could; tell what came of it. */
export async function doCall(view: View): Promise<{ notice: Notice; back: string }> {
  const form = await view.c.req.formData()
  const field = (name: string) => String(form.get(name) ?? '')
  const back = ownPath(field('_back')) ?? view.base
  const [, method = '', path = ''] = CALL.exec(field('_call')) ?? []
  if (path === '' || /(^|\/)\.\.?(\/|$)|%2e|\\/i.test(path)) throw refusal(400, 'This form names no call.')
  try {
    const body = bodyOf(form)
    const answer = await view.admin.send(method, path, method === 'DELETE' ? undefined : body)
    return { notice: { isError: false, text: field('_done'), ...shownOf(field('_show'), answer) }, back }
  } catch (error) {
    if (error instanceof SyntaxError) return { notice: { isError: true, text: `No JSON: ${error.message}` }, back }
    if (!isRefusal(error)) throw error
    return { notice: { isError: true, text: error.message }, back }
  }
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
