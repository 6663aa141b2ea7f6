/** didgate verify against a gateway in this process. */
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { packageRoot } from '../../src/config/package-files.ts'
import { demoAccess } from '../../src/demo.ts'
import type { Send } from '../../verify/probe.ts'
import type { CheckResult, Report } from '../../verify/result.ts'
import { verify } from '../../verify/run.ts'
import type { TestWorld } from './world.ts'

export interface VerifyWorld {
  module: DialectModule
  allowPurchases?: boolean
  only?: RegExp
  send?: Send
}

export async function verifyWorld(world: TestWorld, options: VerifyWorld): Promise<Report> {
  const { module } = options
  const dialect = world.gateway.dialects.find(({ name }) => name === module.name)
  if (!dialect) throw new Error(`no dialect ${module.name}`)
  return verify({
    module,
    dialect,
    target: world.base(module.name),
    credentials: demoAccess(module),
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
