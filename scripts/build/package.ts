/** What `npm run build` makes; tests make the same in folders of their own. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyAssets } from './assets.ts'
import { copyDeclarations } from './declarations.ts'
import { carryLibraries } from './libraries.ts'
import { ROOT } from './root.ts'

const run = promisify(execFile)

async function compile(project: string, target: string, ...flags: string[]): Promise<void> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const done = run(tsc, ['-p', project, '--outDir', target, ...flags], { cwd: ROOT })
  await done.catch(({ stdout, message }) => {
    throw new Error(stdout || message)
  })
}

/** All that runs, in `target`: the compiled sources, their assets, and the libraries they import. */
export async function buildProgram(target: string, project = 'tsconfig.build.json', ...flags: string[]): Promise<void> {
  await compile(project, target, ...flags)
  copyAssets(target)
  await carryLibraries(target)
}

/** The program in `target`, emptied before, with what `didgate/testing` has beside it: types, and the demo world as bytes. */
export async function buildPackage(target: string): Promise<void> {
  const declarations = mkdtempSync(join(tmpdir(), 'didgate-types-'))
  try {
    rmSync(target, { recursive: true, force: true })
    await buildProgram(target, 'tsconfig.build.json', '--declaration', '--declarationDir', declarations)
    copyDeclarations('src/testing/index.d.ts', declarations, target)
    await run(process.execPath, [join(target, 'src/testing/make-image.js')])
  } finally {
    rmSync(declarations, { recursive: true, force: true })
  }
}
