/** Who may log in to the demo world, and how, from what each dialect says of itself. */
import { DEMO_ACCOUNTS } from '../adapters/kit/demo.ts'
import type { DialectModule } from '../adapters/kit/dialect.ts'

/** A credential as a world's file has it. */
export interface DemoCredential {
  realm: string
  kind: 'key' | 'key_pair'
  public_id?: string
  secret: string
}

export type Known = keyof typeof DEMO_ACCOUNTS

function made({ credentials: rules, demo }: DialectModule, who: Known) {
  const account = DEMO_ACCOUNTS[who]
  const { secret, publicId = rules?.publicId?.(account) ?? '' } = demo[who]
  return { account, publicId, secret }
}

/** By the names that the dialect's own client reads, as `didgate verify` takes them. */
export function demoAccess(module: DialectModule): Record<Known, Record<string, string>> {
  const of = (who: Known) => module.driver.credentials(made(module, who))
  return { account: of('account'), other: of('other'), stranger: of('stranger') }
}

/** What an account of the demo world has in every dialect; passwords are of its users. */
export function demoCredentials(modules: readonly DialectModule[], who: Known): DemoCredential[] {
  return modules.flatMap(module => {
    const { kind = 'key' } = module.credentials ?? {}
    if (kind === 'password') return []
    const { publicId, secret } = made(module, who)
    const pair = (realm: string, public_id: string, secret: string) =>
      ({ realm, kind: 'key_pair', public_id, secret }) as const
    const own = kind === 'key' ? { realm: module.name, kind, secret } : pair(module.name, publicId, secret)
    const further = who === 'account' ? (module.demo.further ?? []) : []
    return [own, ...further.map(each => pair(each.realm, each.publicId, each.secret))]
  })
}
