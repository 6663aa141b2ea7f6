/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title: 'answers recorded from 2010 to 2014 in public clients: failures are 200 as well, told in the envelope',
    statuses: { '*': [200] },
  },
]
