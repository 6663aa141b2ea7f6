/** What the demo world lets a test log in with: Acme Telecom, in the words of each dialect. Public, and only for tests. */
export const demoCredentials = {
  onsip: { username: 'example_ann', password: 'demo-ann-password', accountId: 12, organizationId: 31, userId: 501 },
  wavix: { key: 'demo-wavix-acme' },
  vobiz: {
    authId: 'MA_DEMO0001',
    authToken: 'demo-vobiz-acme',
    subAccount: { authId: 'SA_DEMO0001', authToken: 'demo-vobiz-acme-sub' },
  },
  'sinch-v1': { accountId: 'AC00000000000000000000000000000012', token: 'demo-sinch-acme' },
  sinch: {
    projectId: '00000000-0000-4000-8000-000000000012',
    keyId: 'demo-sinch-key',
    keySecret: 'demo-sinch-secret',
  },
  cm: { accountGuid: '00000000-0000-4000-8000-000000000012', productToken: 'demo-cm-acme' },
  twilio: {
    accountSid: 'AC00000000000000000000000000000012',
    authToken: 'demo-twilio-acme',
    testToken: 'demo-twilio-acme-test',
  },
  signalwire: { projectId: '00000000-0000-4000-8000-000000000012', token: 'demo-signalwire-acme' },
  bandwidth: { accountId: '9900012', userName: 'demo-bandwidth-acme', password: 'demo-bandwidth-secret' },
} as const

export type DemoCredentials = typeof demoCredentials
/** The dialects that can be asked for. */
export type DialectName = keyof DemoCredentials
