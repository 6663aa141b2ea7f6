import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('HTTPS is not tried: openssl is not installed\n')

export interface Pair {
  cert: string
  key: string
}

/** A certificate for `localhost` that signs itself, in two files of this folder. */
export function makeCertificate(folder: string, name: string, days = 30): Pair {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost', '-days', String(days)]
  const out = ['-keyout', files.key, '-out', files.cert]
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...out], { stdio: 'ignore' })
  return files
}
