import type { CoreEvent, Delivery } from '../../core/verbs.ts'
import { DIALECT } from './ids.ts'
import type { Settings } from './settings.ts'

/** A URL without a scheme is called by https. */
function absolute(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`
}

/** A form, or the same as a query for GET; unsigned. */
export function statusCallback(word: 'configured' | 'released') {
  return (event: CoreEvent): Delivery[] => {
    const settings = (event.data.settings as Record<string, unknown> | undefined)?.[DIALECT] as Settings | undefined
    const url = settings?.configuration.status_callback_url
    if (!url) return []
    const form = new URLSearchParams({
      AccountSid: `AC${String(event.accountId).padStart(32, '0')}`,
      PhoneNumber: String(event.data.e164),
      Event: word,
      Timestamp: new Date(event.at).toISOString(),
    }).toString()
    const target = absolute(url)
    if (settings.configuration.status_callback_method === 'GET') {
      return [
        {
          dialect: DIALECT,
          url: `${target}${target.includes('?') ? '&' : '?'}${form}`,
          method: 'GET',
          headers: {},
          body: '',
        },
      ]
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return [{ dialect: DIALECT, url: target, method: 'POST', headers, body: form }]
  }
}
