import { type Operation, operation } from '../../kit/dialect.ts'
import { parameters, required } from '../fields.ts'
import { DIALECT } from '../ids.ts'
import { answers, completed } from './result.ts'

/** The new session stands in Context/Session. */
const create = operation({
  on: 'SessionCreate',
  scope: 'open',
  caller: 'lenient',
  ...answers('SessionCreate'),
  input: parameters({ Username: required, Password: required }),
  async handle(call, input) {
    const { core, inbound } = call
    const { token, caller } = await core.sessions.login(DIALECT, input.Username, input.Password, inbound.source)
    call.inbound.caller = caller
    call.inbound.notes.sessionId = token
    return completed(call)
  },
})

const destroy = operation({
  on: 'SessionDestroy',
  scope: 'open',
  caller: 'required',
  ...answers('SessionDestroy'),
  input: parameters({ SessionId: required }),
  async handle(call, input) {
    await call.core.sessions.destroy(DIALECT, input.SessionId)
    delete call.inbound.caller
    return completed(call)
  },
})

export const sessionOperations: readonly Operation[] = [create, destroy]
