const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** One line as RFC 4180 has it, its end included. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(quoted).join(',')}\r\n`
}
