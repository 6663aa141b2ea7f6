/** What `npm run build` makes; tests make the same in folders of their own. */
import { execFile } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyAssets } from './assets.ts'
import { copyDeclarations } from './declarations.ts'
import { carryLibraries } from './libraries.ts'
import { ROOT } from './root.ts'

const run = promisify(execFile)

/** Whether the types are right is `npm run check`'s to say: it takes most of a compiler's time, and a start waits for this. */
async function compile(project: string, target: string, ...flags: string[]): Promise<void> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const done = run(tsc, ['-p', project, '--noCheck', '--outDir', target, ...flags], { cwd: ROOT })
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

/**
 * The program, with what `didgate/testing` has beside it: types, and the demo world as bytes. It is made beside `target` and
 * takes its place at the end, so that what runs there finds its files meanwhile, and keeps them where a build fails.
 */
export async function buildPackage(target: string): Promise<void> {
  const declarations = mkdtempSync(join(tmpdir(), 'didgate-types-'))
  const made = `${target}-${process.pid}`
  try {
    await buildProgram(made, 'tsconfig.build.json', '--declaration', '--declarationDir', declarations)
    copyDeclarations('src/testing/index.d.ts', declarations, made)
    await run(process.execPath, [join(made, 'src/testing/make-image.js')])
    rmSync(target, { recursive: true, force: true })
    renameSync(made, target)
  } finally {
    for (const folder of [declarations, made]) rmSync(folder, { recursive: true, force: true })
  }
}
