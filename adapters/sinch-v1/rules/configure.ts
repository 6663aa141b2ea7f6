/** What an owned number is told to do: clearing, and sending back what was read. */
import { expectEqual } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule } from '../../kit/rules.ts'
import { exception } from './exception.ts'
import { bought, edit, instance } from './owned.ts'

const CALLBACK = {
  statusCallback: 'first.example',
  configuration: { status_callback_url: 'first.example', voice: { url: 'voice.example', application_sid: 'AP1' } },
}

export const configureRules: readonly Rule[] = [
  {
    name: 'an empty text clears, as null does',
    source: 'section 8; https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench, CALLBACK.configuration)
      for (const path of ['voice.url', 'voice.application_sid', 'status_callback_url']) {
        const configuration = path.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), '')
        const members = { [`configuration.${path}`]: null }
        expectAnswer(await edit(bench, e164, { configuration }), { status: 200, members })
      }
    },
  },
  {
    name: 'a number that is read, changed in one of two places and sent back is changed',
    source: 'section 8',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      expectAnswer(await edit(bench, e164, CALLBACK), { status: 200 })
      const read = (await bench.get(instance(e164))).body as Record<string, unknown>
      const changed = { ...read, statusCallback: 'second.example' }
      const members = { statusCallback: 'second.example', 'configuration.status_callback_url': 'second.example' }
      const { body } = expectAnswer(await edit(bench, e164, changed), { status: 200, members })
      expectEqual(member(body, 'configuration.voice'), member(read, 'configuration.voice'), 'what was not changed')
    },
  },
  {
    name: 'two places that contradict each other are refused',
    source: 'section 8',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const body = { statusCallback: 'a.example', configuration: { status_callback_url: 'b.example' } }
      expectAnswer(await edit(bench, e164, body), exception(400, 20001))
      expectAnswer(await bench.get(instance(e164)), { status: 200, members: { statusCallback: null } })
    },
  },
]
