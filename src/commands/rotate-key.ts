import { configOf, withPresentDatabase } from './shared.ts'
import { EXIT, exit, type Shell } from './shell.ts'

export interface RotateKeyFlags {
  json: boolean
}

const MISSING = 'DIDGATE_KEY_OLD: needed: the key before the one in DIDGATE_KEY'

export async function rotateKey(shell: Shell, { json }: RotateKeyFlags): Promise<void> {
  const config = configOf(shell, false)
  if (config.oldKey === undefined) {
    shell.err(`didgate: ${MISSING}\n`)
    throw exit(EXIT.misconfigured)
  }
  const done = await withPresentDatabase(shell, config, ({ core }) => core.sealed.reseal())
  const { resealed, unreadable, isOver } = done
  if (json) shell.out(`${JSON.stringify({ resealed, unreadable, is_over: isOver }, null, 2)}\n`)
  else shell.out(`${resealed} values sealed anew\n`)
  if (!isOver) {
    shell.err(`didgate: ${unreadable} values open with neither key: keep both\n`)
    throw exit(EXIT.failed)
  }
  if (!json) shell.out('when every gateway of this database runs with DIDGATE_KEY, DIDGATE_KEY_OLD can go\n')
}
