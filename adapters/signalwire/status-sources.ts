/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title: 'SignalWire, Compatibility REST API pages and recorded answers of its clients',
    statuses: {
      '*': [401],
      listIncomingPhoneNumbers: [200],
      getIncomingPhoneNumber: [200, 404],
      updateIncomingPhoneNumber: [200, 404, 422],
      buyPhoneNumber: [201, 422],
      releaseIncomingPhoneNumber: [204, 404],
    },
  },
]
