/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title:
      'HTTP Status Codes for the Numbers REST API, https://developers.sinch.com/docs/numbers/api-reference/error-codes/status-codes',
    statuses: { '*': [200] },
  },
  { title: 'error models of @sinch/numbers 1.5.0', statuses: { '*': [400, 404] } },
  { title: '@sinch/sdk-client 1.5.0, which fetches a new token after a 401', statuses: { '*': [401] } },
  { title: "expectations of the SDKs' own test suites: a trial account may not rent", statuses: { rentNumber: [403] } },
  {
    title: "Sinch's OpenAPI document of number orders, Numbers 1.0.3 of October 2026",
    statuses: {
      lookupNumberRequirements: [200, 400],
      createNumberOrder: [200, 400],
      getNumberOrder: [200, 404],
      getNumberOrderRegistration: [200, 404],
      updateNumberOrderRegistration: [200, 400, 404],
      uploadNumberOrderAttachment: [200, 400, 404, 413],
      submitNumberOrder: [200, 404],
    },
  },
  { title: 'RFC 6749, sections 5.1 and 5.2', statuses: { createToken: [200, 400, 401] } },
]
