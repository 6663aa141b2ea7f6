import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, longest first: begun late, one of them would leave the other workers idle at the end. */
const LONGEST = [
  'hostile',
  'contract/contract',
  'database-away',
  'cm.crash',
  'docs-page',
  'thirteen-months',
  'openapi-proxy',
  'search-plans',
  'verify',
  'law',
  'isolation',
  'core-idempotency',
  'waiting-orders',
  'simulation',
  'callbacks',
  'due-dates',
  'holds',
  'sessions',
  'race',
  'imports',
  'wrong-servers',
  'turns',
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
