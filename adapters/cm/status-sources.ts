/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title: 'CM.com developer pages on number requests and company profiles: a product token that is missing or wrong',
    statuses: { '*': [401] },
  },
]
