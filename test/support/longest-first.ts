import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, longest first: begun late, one of them would leave the other workers idle at the end. */
const LONGEST = [
  'hostile',
  'turns',
  'thirteen-months',
  'docs-page',
  'database-away',
  'console',
  'openapi-proxy',
  'verify',
  'wrong-servers',
  'sinch.crash',
  'spaces',
  'readme',
  'search-plans',
  'workers',
  'simulation',
  'waiting-orders',
  'main',
  'isolation',
  'callbacks-fair',
  'callbacks',
  'contract/contract',
  'cm.crash',
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
