import { demoHint } from '../demo-hints.ts'
import { dialectModules } from '../dialects.ts'
import { createLog } from '../log.ts'
import { type Config, type Didgate, startDidgate } from '../main.ts'
import { createMetrics } from '../metrics.ts'
import { configOf, type Shell } from './shared.ts'

export async function serve(shell: Shell): Promise<void> {
  const config = configOf(shell, true)
  const log = createLog(config.logLevel)
  const didgate = await startDidgate(config, { log, metrics: createMetrics({ ofProcess: true }) })
  shell.out(banner(config, didgate))
  await shell.untilStopped()
  log.info('stopping')
  await didgate.close()
}

/** Where everything is, and one command per dialect to try it with. */
export function banner(config: Config, { addresses, isDemo }: Pick<Didgate, 'addresses' | 'isDemo'>): string {
  const insecure = config.tls ? 'curl -k' : 'curl'
  const lines = dialectModules.flatMap(({ name }) => {
    const base = `${config.publicUrl ?? addresses.data}/${name}`
    const own = addresses.dialects[name]
    const hint = isDemo ? demoHint(name) : undefined
    return [
      `  ${name.padEnd(9)} ${base}${own === undefined ? '' : `  and at the root of ${own}`}`,
      ...(hint ? [`            ${hint.credentials}`, `            ${hint.curl(base).replace(/^curl/, insecure)}`] : []),
    ]
  })
  const admin = `  ${'admin'.padEnd(9)} ${addresses.admin}/admin/v1 (${config.admin.token === undefined ? 'this machine only' : 'DIDGATE_ADMIN_TOKEN'})`
  const docs = `  ${'docs'.padEnd(9)} ${addresses.admin}/docs`
  return `didgate is serving (${config.mode} mode)\n\n${[...lines, admin, docs].join('\n')}\n\n`
}
