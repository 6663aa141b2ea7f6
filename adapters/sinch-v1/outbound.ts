import type { CoreEvent, Delivery } from '../../core/verbs.ts'
import { callbackUrl } from '../kit/callback-url.ts'
import { DIALECT } from './ids.ts'
import type { Settings } from './settings.ts'

/** With GET the form joins the query, before a fragment and not in it. A fragment is never sent. */
function withQuery(url: URL, form: string): string {
  url.search = url.search === '' ? form : `${url.search}&${form}`
  return url.href
}

/** A form, or the same as a query for GET; unsigned. */
export function statusCallback(word: 'configured' | 'released') {
  return (event: CoreEvent): Delivery[] => {
    const settings = (event.data.settings as Record<string, unknown> | undefined)?.[DIALECT] as Settings | undefined
    const stored = settings?.configuration.status_callback_url
    if (!stored) return []
    const url = callbackUrl(stored, { schemeOptional: true })
    // kept since before URLs were checked: it is refused where people look
    const target = url?.href ?? stored
    const form = new URLSearchParams({
      AccountSid: `AC${String(event.accountId).padStart(32, '0')}`,
      PhoneNumber: String(event.data.e164),
      Event: word,
      Timestamp: new Date(event.at).toISOString(),
    }).toString()
    if (settings.configuration.status_callback_method === 'GET') {
      return [{ dialect: DIALECT, url: url ? withQuery(url, form) : target, method: 'GET', headers: {}, body: '' }]
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return [{ dialect: DIALECT, url: target, method: 'POST', headers, body: form }]
  }
}
