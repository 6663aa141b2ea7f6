/** didgate verify against a gateway in this process. */

import { demoCredentials } from '../../src/commands/verify.ts'
import { packageRoot } from '../../src/config/package-files.ts'
import { dialectModules } from '../../src/dialects.ts'
import type { Send } from '../../verify/probe.ts'
import type { CheckResult, Report } from '../../verify/result.ts'
import { verify } from '../../verify/run.ts'
import type { TestWorld } from './world.ts'

export interface VerifyWorld {
  dialect: string
  allowPurchases?: boolean
  only?: RegExp
  send?: Send
}

export async function verifyWorld(world: TestWorld, options: VerifyWorld): Promise<Report> {
  const module = dialectModules.find(({ name }) => name === options.dialect)
  const dialect = world.gateway.dialects.find(({ name }) => name === options.dialect)
  if (!module || !dialect) throw new Error(`no dialect ${options.dialect}`)
  return verify({
    module,
    dialect,
    target: world.base(options.dialect),
    credentials: demoCredentials(options.dialect),
    allowPurchases: options.allowPurchases ?? false,
    ...(options.only && { only: options.only }),
    send: options.send ?? world.send,
    packageRoot: packageRoot(),
  })
}

export const label = ({ group, name }: CheckResult) => `${group}: ${name}`

/** What failed, each with what did not hold. */
export function failures({ checks }: Report): string[] {
  return checks.flatMap(check => (check.failure ? [`${label(check)} (${check.failure.message})`] : []))
}
