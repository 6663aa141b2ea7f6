import { createWriteStream, existsSync, linkSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { type Command, Option } from 'commander'
import { withAdminPlane } from './admin-calls.ts'
import type { Shell } from './shell.ts'

interface ExportFlags {
  format: string
  output?: string
  [filter: string]: string | boolean | undefined
}

/** What is exported, and by what it can be narrowed. */
const EXPORTS = [
  {
    name: 'inventory',
    about: 'all numbers',
    filters: ['state', 'country'],
    flags: [['for-import', 'as didgate import takes it: those for sale, unless --state names others']],
  },
  {
    name: 'ownership',
    about: 'who owns which number',
    filters: ['account'],
    flags: [
      ['ended', 'also former owners'],
      ['for-import', 'as didgate import --owned takes it'],
    ],
  },
  {
    name: 'ledger',
    about: 'what accounts were charged and paid, oldest first',
    filters: ['account', 'currency', 'kind', 'from', 'until'],
    flags: [],
  },
] as const

const OUTPUT = `
The gateway may run meanwhile. A file is for its owner alone, has its name only when it is complete, and nothing is
overwritten.
`

/** Under another name until it is whole; then it takes its name, if nobody has it. */
async function intoFile(body: Readable, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`there is a file ${file} already`)
  const draft = `${file}.${process.pid}.part`
  try {
    await pipeline(body, createWriteStream(draft, { flags: 'wx', mode: 0o600 }))
    linkSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

async function exportAll(shell: Shell, name: string, path: string, file: string | undefined): Promise<void> {
  await withAdminPlane(shell, async fetch => {
    const response = await fetch('GET', path)
    const body = Readable.fromWeb(response.body as ReadableStream)
    if (file !== undefined) {
      await intoFile(body, file)
      shell.err(`exported the ${name} to ${file}\n`)
      return
    }
    // as fast as it is taken
    for await (const chunk of body.setEncoding('utf8')) await shell.out(chunk as string)
  })
}

/** Papers are bytes of strangers: into a file, and never onto a terminal. */
export function addDocumentContent(group: Command, shell: Shell): void {
  group
    .command('content')
    .description('keep the bytes of a paper as a file')
    .argument('<id>')
    .argument('<file>', 'a new one')
    .action((id: string, file: string) =>
      exportAll(shell, 'document', `/documents/${encodeURIComponent(id)}/content`, file),
    )
}

export function addExportCommands(program: Command, shell: Shell): void {
  const group = program.command('export').description('inventory, ownership or ledger as lines of CSV or JSON')
  for (const { name, about, filters, flags } of EXPORTS) {
    const command = group.command(name).description(about).addHelpText('after', OUTPUT)
    command.addOption(new Option('--format <format>', 'of each line').choices(['csv', 'ndjson']).default('csv'))
    command.option('--output <file>', 'a new one (default: standard output)')
    for (const filter of filters) command.option(`--${filter} <value>`)
    for (const [flag, what] of flags) command.option(`--${flag}`, what)
    command.action(({ output, ...asked }: ExportFlags) => {
      const query = Object.entries(asked).map(([key, value]): [string, string] => [
        key.replace('forImport', 'for_import'),
        String(value),
      ])
      return exportAll(shell, name, `/exports/${name}?${new URLSearchParams(query)}`, output)
    })
  }
}
