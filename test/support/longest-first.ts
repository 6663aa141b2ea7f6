import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest, longest first: begun late, one of them would leave the other workers idle at the end. One
 * that mostly waits is begun beside two that compute, so that there are processors for these.
 */
const LONGEST = [
  'laws/hostile',
  'host/database-away',
  'host/console',
  'core/fail-over',
  'host/docs-page',
  'host/testing/package',
  'host/turns',
  'laws/tiny-dialect',
  'host/openapi-proxy',
  'core/thirteen-months',
  'host/backup',
  'core/upgrades',
  'verify/verify',
  'docs/operating',
  'host/doctor-command',
  'host/deploy-image',
  'host/limits-program',
  'host/cli',
  'verify/wrong-servers',
  'adapters/sinch/crash',
  'host/spaces',
  'docs/readme',
  'core/search-plans',
  'host/workers',
  'laws/simulation',
  'core/waiting-orders',
  'host/main',
  'laws/isolation',
  'laws/callbacks-fair',
  'host/callbacks',
  'contract/contract',
  'adapters/cm/crash',
]

const rank = ({ moduleId }: TestSpecification) => {
  const at = LONGEST.findIndex(name => moduleId.endsWith(`/test/${name}.test.ts`))
  return at < 0 ? LONGEST.length : at
}

/** As the runner orders them (what failed or took long here before, then the largest), but for the known long ones. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
