import type { Answer } from '../client.ts'
import { Check } from '../fields.tsx'
import { grouped } from '../format.ts'
import { Again } from '../forms.tsx'
import { Card, Empty, Facts, State, Table, Time } from '../parts.tsx'
import { IMPORT_FORM } from '../upload.ts'
import { page, type View } from '../view.ts'

/** What came of the last file of this session. */
export interface ImportReport {
  imported: number
  unchanged: number
  errors: { line: number; message: string }[]
  error_count?: number
  notes?: { line: number; message: string }[]
  dry_run: boolean
}

const reportOf = (view: View) => view.report as ImportReport | undefined

const Report = ({ view, of }: { view: View; of: ImportReport }) => (
  <Card
    title={of.dry_run ? 'What this file would do' : 'What came of the last file'}
    aside={
      of.errors.length > 0 && (
        <a href={`${view.base}/import/errors.csv`} download>
          These lines as CSV
        </a>
      )
    }
  >
    <Facts
      of={[
        [of.dry_run ? 'Would be imported' : 'Imported', grouped(of.imported)],
        ['Unchanged', grouped(of.unchanged)],
        ['Bad lines', grouped(of.error_count ?? of.errors.length)],
      ]}
    />
    <Table
      label="Bad lines"
      items={[...of.errors, ...(of.notes ?? [])]}
      empty="Every line was right."
      columns={[
        { name: 'Line', isNumeric: true, cell: each => each.line },
        { name: 'What is wrong', cell: each => each.message },
      ]}
    />
  </Card>
)

const Upload = ({ view }: { view: View }) => (
  <form
    method="post"
    action={`${view.base}/import`}
    enctype="multipart/form-data"
    class="upload act"
    data-then={`${view.base}/import`}
  >
    <input type="hidden" name="_csrf" value={view.csrf} />
    <Again view={view} form={IMPORT_FORM}>
      <label class="field wide">
        <span>CSV file</span>
        <input type="file" name="file" accept=".csv,text/csv" required />
      </label>
      {(
        [
          ['dry_run', 'Only check, keep nothing'],
          ['keep_good', 'Leave bad lines out (else one refuses the file)'],
          ['owned', 'The numbers belong to customers already'],
        ] as const
      ).map(([name, label]) => (
        <Check name={name} label={label} />
      ))}
    </Again>
    <button type="submit" class="primary">
      Import
    </button>
    <progress hidden aria-label="How much is sent" />
    <p role="status" class="muted wide said" />
  </form>
)

export const importPages = [
  page('/import', async view => {
    const { imports } = await view.admin.get('/imports?limit=20')
    const report = reportOf(view)
    const isRunning = imports.some(({ status }: Answer) => status === 'staging' || status === 'publishing')
    const every = isRunning ? 'every 1s' : 'every 5s'
    const body = (
      <>
        <Card title="A file of numbers" aside={<a href="/docs/admin">Columns and rules</a>}>
          <Upload view={view} />
        </Card>
        {report && <Report view={view} of={report} />}
        <Card title="Imports">
          <div id="live" hx-get={view.here} hx-select="#live" hx-trigger={every} hx-swap="outerHTML">
            <Table<Answer>
              label="Imports"
              items={imports}
              empty="No file was imported yet."
              columns={[
                { name: 'Import', cell: each => each.id },
                { name: 'Status', cell: each => <State of={each.status} /> },
                { name: 'Owned', cell: each => (each.is_owned ? 'yes' : 'no') },
                { name: 'Published', isNumeric: true, cell: each => grouped(each.imported) },
                { name: 'To line', isNumeric: true, cell: each => grouped(each.published_line) },
                { name: 'Why', cell: each => each.reason },
                { name: 'Begun', cell: each => <Time at={each.created_at} /> },
              ]}
            />
          </div>
        </Card>
      </>
    )
    return { title: 'Import', body }
  }),
  page('/import/errors.csv', async view => {
    const report = reportOf(view)
    if (!report) return { title: 'Import', body: <Empty>There is no report in this session.</Empty>, status: 404 }
    const lines = report.errors.map(({ line, message }) => `${line},"${message.replace(/"/g, '""')}"`)
    return view.c.body(`line,message\r\n${lines.join('\r\n')}\r\n`, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="errors.csv"',
    })
  }),
]
