/** Where the path of a whole URL begins: behind its origin. Nothing is parsed: every request is asked. */
export const pathAt = (url: string): number => url.indexOf('/', url.indexOf('//') + 2)
