import { table } from '../adapters/kit/table.ts'

/** What somebody needs to try a dialect on the demo world. */
export interface DemoHint {
  credentials: string
  /** One line for a shell; `base` is the dialect's base URL. */
  curl(base: string): string
}

const PROJECT = '00000000-0000-4000-8000-000000000012'
const TWILIO_STYLE_ACCOUNT = 'AC00000000000000000000000000000012'

const BANDWIDTH_ACCOUNT = '9900012'

const hints = table<DemoHint>({
  onsip: {
    credentials: 'user example_ann, password demo-ann-password',
    curl: base => `curl '${base}/api?Action=SessionCreate&Username=example_ann&Password=demo-ann-password&Output=json'`,
  },
  wavix: {
    credentials: 'key demo-wavix-acme',
    curl: base => `curl '${base}/v1/buy/countries?appid=demo-wavix-acme'`,
  },
  vobiz: {
    credentials: 'auth id MA_DEMO0001, token demo-vobiz-acme',
    curl: base => `curl -u MA_DEMO0001:demo-vobiz-acme '${base}/api/v1/Account/MA_DEMO0001/inventory/numbers'`,
  },
  'sinch-v1': {
    credentials: `account ${TWILIO_STYLE_ACCOUNT}, token demo-sinch-acme`,
    curl: base => `curl -u ${TWILIO_STYLE_ACCOUNT}:demo-sinch-acme '${base}/v1/api/AvailableNumbers'`,
  },
  sinch: {
    credentials: `project ${PROJECT}, key id demo-sinch-key, secret demo-sinch-secret`,
    curl: base =>
      `curl -u demo-sinch-key:demo-sinch-secret '${base}/v1/projects/${PROJECT}/availableNumbers?regionCode=US&type=LOCAL'`,
  },
  cm: {
    credentials: `account ${PROJECT}, token demo-cm-acme`,
    curl: base =>
      `curl -H 'X-CM-PRODUCTTOKEN: demo-cm-acme' '${base}/voice-phonenumberrequestapi/v1/${PROJECT}/numberRequests'`,
  },
  twilio: {
    credentials: `account ${TWILIO_STYLE_ACCOUNT}, token demo-twilio-acme`,
    curl: base =>
      `curl -u ${TWILIO_STYLE_ACCOUNT}:demo-twilio-acme '${base}/2010-04-01/Accounts/${TWILIO_STYLE_ACCOUNT}/AvailablePhoneNumbers/US/Local.json?AreaCode=212'`,
  },
  signalwire: {
    credentials: `project ${PROJECT}, token demo-signalwire-acme`,
    curl: base =>
      `curl -u ${PROJECT}:demo-signalwire-acme '${base}/api/laml/2010-04-01/Accounts/${PROJECT}/AvailablePhoneNumbers/US/Local?AreaCode=212'`,
  },
  bandwidth: {
    credentials: `account ${BANDWIDTH_ACCOUNT}, user demo-bandwidth-acme, password demo-bandwidth-secret`,
    curl: base =>
      `curl -u demo-bandwidth-acme:demo-bandwidth-secret '${base}/api/accounts/${BANDWIDTH_ACCOUNT}/availableNumbers?areaCode=212&quantity=3'`,
  },
})

export function demoHint(dialect: string): DemoHint | undefined {
  return hints[dialect]
}
