/** An absolute http or https URL, as providers ask for where a client names an address of its own. */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^/\\?#\s]/i.test(text) && !/[\s\p{Cc}]/u.test(text) && URL.canParse(text)
}
