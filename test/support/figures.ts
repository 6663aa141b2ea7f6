/** The text that Prometheus reads, as a test asks of it. */

/** Each family by name, with its type. */
export function familiesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
}

/** The value of one sample, written as in the text: `didgate_numbers{state="active"}`. */
export function sampleOf(text: string, sample: string): number | undefined {
  const line = text.split('\n').find(each => each.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length + 1))
}
