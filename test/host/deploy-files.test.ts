/** What is shipped to run it with: settings that exist, references that lead somewhere, secrets that are nowhere. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { environmentSchema } from '../../src/config/config-schema.ts'
import { withSecretFiles } from '../../src/config/secret-files.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const settings = new Set(Object.keys(environmentSchema([]).entries))

/** Whether the program reads this variable. */
function isSetting(name: string): boolean {
  const { problems } = withSecretFiles({ [name]: '/no/such/file' })
  return settings.has(name) || (problems.length === 1 && settings.has(name.replace(/_FILE$/, '')))
}

function tool(name: string, args: string[], input?: string) {
  const done = spawnSync(name, args, { encoding: 'utf8', cwd: ROOT, input })
  if (done.error) process.stderr.write(`not checked by ${name}: it is not installed\n`)
  return done.error ? undefined : done
}

type Labels = Record<string, string>

interface Container {
  ports: { name: string }[]
  env: { name: string; value?: string; valueFrom: { secretKeyRef: { name: string } } }[]
  livenessProbe: { httpGet: object }
  readinessProbe: { httpGet: object }
  securityContext: object
}

interface Pod {
  metadata: { labels: Labels }
  spec: { securityContext: object; containers: [Container] }
}

/** Members of all kinds; each object has those of its own. */
interface Manifest {
  kind: string
  data: Labels
  spec: {
    replicas: number
    minAvailable: number
    selector: Labels & { matchLabels: Labels }
    podSelector: { matchLabels: Labels }
    ports: { targetPort: string }[]
    template: Pod
  }
}

interface Service {
  image: string
  command?: string[]
  environment: Labels
  secrets: string[]
  ports: string[]
  depends_on: Record<string, { condition: string }>
}

interface Compose {
  services: Record<'database' | 'migrate' | 'gateway', Service>
  secrets: Record<string, { file: string }>
}

describe('compose.yaml', () => {
  const { services, secrets } = parse(text('compose.yaml'), { merge: true }) as Compose

  it('has settings that exist and secrets by reference', () => {
    for (const name of ['migrate', 'gateway'] as const) {
      const { environment, secrets: used, command = ['serve'] } = services[name]
      for (const variable of Object.keys(environment)) expect([variable, isSetting(variable)]).toEqual([variable, true])
      for (const [variable, value] of Object.entries(environment)) {
        if (/KEY|TOKEN|DATABASE/.test(variable)) expect(value).toMatch(/^\/run\/secrets\/\w+$/)
      }
      for (const secret of used) expect(secrets[secret]?.file).toMatch(/^\.\/secrets\/\w+$/)
      expect(['serve', 'migrate']).toContain(command[0])
    }
  })

  it('writes nowhere, has no rights, and shows itself to this machine only', () => {
    const { gateway } = services
    expect(gateway).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    for (const port of gateway.ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(gateway.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } })
    expect(services.migrate.depends_on.database?.condition).toBe('service_healthy')
    expect(services.database.image).toMatch(/:\d/)
  })
})

describe('the manifests for Kubernetes', () => {
  const folders = ['deploy/kubernetes', 'deploy/kubernetes/migrate']
  const objects: Manifest[] = folders.flatMap(folder =>
    readdirSync(join(ROOT, folder))
      .filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml')
      .flatMap(name => parseAllDocuments(text(`${folder}/${name}`)).map(each => each.toJS() as Manifest)),
  )
  const of = (kind: string) => objects.filter(each => each.kind === kind)
  const [deployment, job] = [...of('Deployment'), ...of('Job')] as [Manifest, Manifest]
  const pods = [deployment, job].map(each => each.spec.template)

  it('are all named by their kustomization, which builds', () => {
    for (const folder of folders) {
      const { resources } = parse(text(`${folder}/kustomization.yaml`))
      const files = readdirSync(join(ROOT, folder)).filter(each => each.endsWith('.yaml') && !each.startsWith('kustom'))
      expect([...resources].sort()).toEqual(files.sort())
      const built = tool('kubectl', ['kustomize', folder])
      if (built) expect([built.status, built.stderr]).toEqual([0, ''])
    }
  })

  it('select what is there, ask for what is answered, and name ports that are open', () => {
    const { labels } = deployment.spec.template.metadata
    const [container] = deployment.spec.template.spec.containers
    const selectors = [
      deployment.spec.selector.matchLabels,
      ...of('Service').map(each => each.spec.selector),
      ...of('PodDisruptionBudget').map(each => each.spec.selector.matchLabels),
      ...of('NetworkPolicy').map(each => each.spec.podSelector.matchLabels),
    ]
    for (const selector of selectors) expect(labels).toMatchObject(selector)
    // the job is no gateway: no service leads there
    expect(job.spec.template.metadata.labels).not.toMatchObject(selectors[0] as Labels)
    const named = container.ports.map(each => each.name)
    for (const service of of('Service')) expect(named).toContain(service.spec.ports[0]?.targetPort)
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'admin' })
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'admin' })
    expect(deployment.spec.replicas).toBeGreaterThan(of('PodDisruptionBudget')[0]?.spec.minAvailable as number)
  })

  it('have settings that exist, and secrets by reference alone', () => {
    for (const { data } of of('ConfigMap')) {
      for (const name of Object.keys(data))
        expect([name, isSetting(name), /KEY|TOKEN/.test(name)]).toEqual([name, true, false])
    }
    for (const { spec } of pods) {
      for (const { name, value, valueFrom } of spec.containers[0].env) {
        expect([name, isSetting(name)]).toEqual([name, true])
        if (/KEY|TOKEN|DATABASE/.test(name)) {
          expect(value).toBeUndefined()
          expect(valueFrom.secretKeyRef.name).toBe('didgate')
        }
      }
    }
    expect(of('Secret')).toEqual([])
  })

  it('run without rights, on a root that cannot be written', () => {
    for (const { spec } of pods) {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
      expect(spec.containers[0].securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      })
    }
  })
})

describe('the unit for systemd', () => {
  it('is read by systemd without a complaint, and exposes little', () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-unit-'))
    const unit = join(folder, 'didgate.service')
    writeFileSync(unit, text('deploy/systemd/didgate.service').replaceAll('/opt/didgate/bin/didgate', process.execPath))
    const verified = tool('systemd-analyze', ['verify', unit])
    if (verified) expect([verified.status, verified.stderr]).toEqual([0, ''])
    const judged = tool('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit])
    if (judged) expect([judged.status, judged.stdout.slice(-80)]).toEqual([0, expect.stringContaining('OK')])
    rmSync(folder, { recursive: true })
  })

  it('has settings that exist', () => {
    const names = [...text('deploy/systemd/didgate.env').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(8)
    for (const name of names) expect([name, isSetting(name)]).toEqual([name, true])
  })
})

describe('the proxies', () => {
  it.each(['deploy/proxy/nginx.conf', 'deploy/proxy/Caddyfile'])('%s makes the headers that are believed', path => {
    expect(text(path)).toMatch(/X-Forwarded-Proto \$scheme|X-Forwarded-For, -Proto and -Host anew/)
    expect(text(path)).toMatch(/Forwarded ""|-Forwarded/)
  })

  it('caddy takes its file', () => {
    const done = tool('caddy', ['validate', '--adapter', 'caddyfile', '--config', 'deploy/proxy/Caddyfile'])
    if (done) expect(done.stdout + done.stderr).toContain('Valid configuration')
  })
})
