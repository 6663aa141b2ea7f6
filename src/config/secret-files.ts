import { readFileSync } from 'node:fs'
import type { Environment } from './config-schema.ts'

/** What may hold a secret: given as NAME_FILE, it is what that file holds, and in nobody's list of processes. */
const NAMED = /^(DATABASE_\w*URL|DIDGATE_\w*(KEY|KEY_OLD|TOKEN|TOKENS))_FILE$/
const MAX_CHARACTERS = 65_536

export interface WithSecrets {
  env: Environment
  problems: string[]
}

export function withSecretFiles(env: Environment): WithSecrets {
  const read: Record<string, string> = {}
  const problems: string[] = []
  for (const [variable, path] of Object.entries(env)) {
    const name = NAMED.test(variable) && path !== undefined ? variable.slice(0, -'_FILE'.length) : undefined
    if (name === undefined) continue
    const text = contentOf(path as string)
    if (env[name] !== undefined) problems.push(`${name}, ${variable}: one of both, not both`)
    else if (text === undefined) problems.push(`${variable}: cannot read ${path}`)
    else if (text === '' || text.length > MAX_CHARACTERS) problems.push(`${variable}: ${path} is empty or too long`)
    else read[name] = text
  }
  return { env: { ...env, ...read }, problems }
}

/** Editors and `echo` end a file with a line feed. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}
