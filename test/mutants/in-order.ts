import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files in the order in which they were named. */
export function inOrder(names: readonly string[]) {
  const rank = ({ moduleId }: TestSpecification) => names.findIndex(name => moduleId.endsWith(`/${name}`))
  return class InOrder extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return files.toSorted((a, b) => rank(a) - rank(b))
    }
  }
}
