/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title: 'reference of the Sinch Numbers API v1 (https://numbers.sinch.com/v1): tables of responses',
    statuses: { '*': [200] },
  },
  { title: 'the same reference: text of BuyNumber on codes 21452 and 21650', statuses: { buyNumber: [400] } },
]
