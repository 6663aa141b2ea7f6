import { answering, jsonRequest, type RulesModule } from '../../../adapters/kit/rules.ts'

const NONE = { method: 'GET', path: '/v1/numbers/+10000000000' }
const PAGE = 'its own page'
const said = (status: number, error: string) => ({ status, members: { error } })

export const rules: RulesModule = {
  request: (base, credentials, call) =>
    jsonRequest(base, call, credentials ? { authorization: `Bearer ${credentials.token}` } : {}),
  rules: [
    answering('a wrong token is refused with 401', PAGE, { ...NONE, as: 'stranger' }, said(401, 'who are you')),
    answering('a number that there is not is 404', PAGE, NONE, said(404, 'not here')),
  ],
}
