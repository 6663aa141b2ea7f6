/**
 * Resolves with `found`, newest first, as soon as it is so many, or with fewer when `ms` are over. `watch` tells of each
 * that comes, and answers with what ends that.
 */
export function enough<T>(
  found: T[],
  count: number,
  ms: number,
  watch: (tell: (each: T) => void) => () => void,
): Promise<T[]> {
  if (found.length >= count || ms === 0) return Promise.resolve(found)
  return new Promise(resolve => {
    const end = () => {
      stop()
      clearTimeout(timer)
      resolve(found)
    }
    const stop = watch(each => {
      if (found.unshift(each) >= count) end()
    })
    const timer = setTimeout(end, ms)
  })
}
