/** The blocks of a page of Markdown, which tests run as they stand. */
export interface Block {
  /** Of the chapter (`##`) that it is in. */
  chapter: string
  language: string
  /** What stands behind the language: why it cannot be run everywhere. */
  why: string
  text: string
}

export function blocksOf(page: string): Block[] {
  let chapter = ''
  const blocks: Block[] = []
  for (const [, heading, info = '', text = ''] of page.matchAll(/^## (.*)$|^```(\w.*)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) chapter = heading
    else {
      const [, language = '', why = ''] = /^(\S+) ?(.*)$/.exec(info) ?? []
      blocks.push({ chapter, language, why, text })
    }
  }
  return blocks
}

/** The first block of this language in a chapter. */
export function blockOf(page: string, chapter: string, language: string): string {
  return blocksOf(page).find(each => each.chapter === chapter && each.language === language)?.text ?? ''
}
