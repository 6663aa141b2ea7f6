export interface InvoiceText {
  title: string
  lines: readonly string[]
}

/** One page of text as a PDF. Loaded by the first who asks: with its fonts it is a tenth of what a gateway takes. */
export async function invoicePdf({ title, lines }: InvoiceText, createdAt: number): Promise<Uint8Array<ArrayBuffer>> {
  const { default: PdfDocument } = await import('pdfkit')
  return new Promise((resolve, reject) => {
    const document = new PdfDocument({
      size: 'A4',
      margin: 56,
      info: { Title: title, CreationDate: new Date(createdAt) },
    })
    const chunks: Buffer[] = []
    document.on('data', chunk => chunks.push(chunk as Buffer))
    document.on('error', reject)
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    document.fontSize(20).text(title).moveDown()
    document.fontSize(11)
    for (const line of lines) document.text(line)
    document.end()
  })
}
