/** Users are made, changed and deleted. */

import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { JsonObject, Role } from '../../../core/ground/model.ts'
import { isActionArray } from '../../kit/action-values.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { shownAs } from '../../kit/schema.ts'
import { table } from '../../kit/table.ts'
import { leaf } from '../../kit/xml.ts'
import { requestError } from '../faults.ts'
import * as fields from '../fields.ts'
import { user as userView } from '../views/people.ts'
import { administer, administeredUser, isOperator, type KnownCall } from '../ways/access.ts'
import { conflict } from '../ways/scope.ts'
import { answers, completed, ownAnswers } from './result.ts'

const common = { scope: 'account:write', caller: 'required' } as const

const add = operation({
  ...common,
  on: 'UserAdd',
  ...ownAnswers('UserAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.localPart,
      Domain: fields.requiredDomain(call),
      Name: fields.required,
      Email: fields.email,
      AuthUsername: fields.localPart,
      Password: fields.password,
      PasswordConfirm: fields.required,
    }),
  async handle(call, { OrganizationId, Username, Domain, Name, Email, AuthUsername, Password, PasswordConfirm }) {
    if (PasswordConfirm !== Password) throw conflict('PasswordConfirm')
    const organization = await call.core.directory.organization(OrganizationId)
    const caller = await administer(call, organization?.accountId)
    if (Domain.id !== OrganizationId) throw conflict('Domain')
    const made = await call.core.directory.createUser(caller, {
      organizationId: OrganizationId,
      username: Username,
      authUsername: AuthUsername,
      role: 'user',
      password: Password,
      contact: { name: Name, email: Email },
    })
    return completed(call, await userView(call, made, { isNew: true }))
  },
})

/** Itself, or one of an account that it administers. Faults: forbidden. */
async function changeable(call: KnownCall, userId: number) {
  if (call.caller.user?.id === userId && call.caller.actor.userId === userId) {
    return { caller: call.caller, user: call.caller.user }
  }
  return administeredUser(call, userId)
}

const CONTACT = ['Name', 'Address', 'City', 'State', 'Zipcode', 'Phone', 'Email'] as const

const editContact = operation({
  ...common,
  on: 'UserEditContact',
  ...answers('UserEditContact'),
  input: fields.parameters({
    UserId: fields.id,
    Name: fields.required,
    Address: fields.required,
    City: fields.required,
    State: fields.required,
    Zipcode: fields.required,
    CountryId: fields.id,
    Phone: fields.required,
    Email: fields.email,
    User: fields.text,
    Organization: fields.text,
  }),
  async handle(call, input) {
    const { caller } = await changeable(call, input.UserId)
    const contact: JsonObject = { countryId: input.CountryId }
    for (const name of CONTACT) contact[name.toLowerCase()] = input[name]
    const company = input.Organization ?? input.User
    if (company !== undefined) contact.organization = company
    return completed(call, await userView(call, await call.core.directory.editUser(caller, input.UserId, { contact })))
  },
})

const editStatus = operation({
  ...common,
  on: 'UserEditStatus',
  ...ownAnswers('UserEditStatus'),
  input: fields.parameters({ UserId: fields.id, Status: fields.word('enabled', 'disabled') }),
  async handle(call, { UserId, Status }) {
    const { caller } = await administeredUser(call, UserId)
    if (Status === 'disabled') refuseOneself(call, UserId)
    const user = await call.core.directory.setUserEnabled(caller, UserId, Status === 'enabled')
    return completed(call, await userView(call, user))
  },
})

/** Who locks itself out could not let itself in again. Faults: wrong_state. */
function refuseOneself({ caller }: KnownCall, userId: number): void {
  if (caller.actor.userId === userId)
    throw new Fault('wrong_state', { what: 'user', id: String(userId), state: 'the caller' })
}

const ROLES = table<Role>({
  'Account Admin': 'account_admin',
  'Organization Admin': 'organization_admin',
  User: 'user',
})
const RANK: readonly Role[] = ['user', 'organization_admin', 'account_admin']

/** `RoleNames[]=User`, or plain `RoleNames=User`; of several the one that may do most. */
const roleNames = v.pipe(
  v.optional(v.unknown(), ''),
  shownAs({ type: 'object', patternProperties: { '^\\d*$': { enum: Object.keys(ROLES) } } }),
  v.check(value => value !== '', 'Value.Required'),
  v.transform(value => (isActionArray(value) ? [...value.elements.values()] : [value])),
  v.array(
    v.pipe(
      v.string('Value.Invalid'),
      v.check(name => ROLES[name] !== undefined, 'Value.Invalid'),
    ),
  ),
  v.transform(
    names => names.map(name => ROLES[name] as Role).sort((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] as Role,
  ),
)

const editRole = operation({
  ...common,
  on: 'UserEditRoleSubmit',
  ...ownAnswers('UserEditRoleSubmit'),
  input: fields.parameters({ UserId: fields.id, RoleNames: roleNames }),
  async handle(call, { UserId, RoleNames }) {
    const { caller, user } = await administeredUser(call, UserId)
    // no action makes, or unmakes, those who are above all accounts
    if (user.role === 'operator') throw new Fault('forbidden', { reason: 'role' })
    return completed(
      call,
      await userView(call, await call.core.directory.editUser(caller, UserId, { role: RoleNames })),
    )
  },
})

const resetPassword = operation({
  ...common,
  on: 'UserResetPortalPassword',
  ...answers('UserResetPortalPassword'),
  input: fields.parameters({ UserId: fields.id }),
  async handle(call, { UserId }) {
    const { caller } = await administeredUser(call, UserId)
    const { password } = await call.core.directory.setPassword(caller, UserId)
    return completed(call, leaf('UserId', UserId), leaf('NewPassword', password))
  },
})

const editPassword = operation({
  ...common,
  on: 'UserEditPortalPassword',
  ...ownAnswers('UserEditPortalPassword'),
  // no failed log-in of this session: its words are those of a wrong parameter
  faults: {
    login_failed: () => requestError('CurrentPortalPassword', 'Value.Invalid', { message: 'The password is wrong.' }),
    login_locked: () =>
      requestError('CurrentPortalPassword', 'Value.Invalid', { message: 'Too many tries. Try again in 10 minutes.' }),
  },
  input: fields.parameters({
    UserId: fields.id,
    CurrentPortalPassword: fields.required,
    NewPortalPassword: fields.password,
    NewPortalPasswordConfirm: fields.required,
  }),
  async handle(call, { UserId, CurrentPortalPassword, NewPortalPassword, NewPortalPasswordConfirm }) {
    const { caller, user } = await changeable(call, UserId)
    if (NewPortalPasswordConfirm !== NewPortalPassword) throw conflict('NewPortalPasswordConfirm')
    // an operator may not know it; anybody else proves that the old one is known, and is counted like at a log-in
    const { core, inbound } = call
    if (!isOperator(call.caller)) {
      await core.sessions.check(REALM, user.authUsername, CurrentPortalPassword, inbound.source)
    }
    const changed = await call.core.directory.setPassword(caller, UserId, NewPortalPassword)
    return completed(call, await userView(call, changed.user))
  },
})

const REALM = 'onsip'

const remove = operation({
  ...common,
  on: 'UserDelete',
  ...ownAnswers('UserDelete'),
  input: fields.parameters({ UserId: fields.id }),
  async handle(call, { UserId }) {
    const { caller } = await administeredUser(call, UserId)
    refuseOneself(call, UserId)
    await call.core.directory.removeUser(caller, UserId)
    return completed(call)
  },
})

export const userChangeOperations: readonly Operation[] = [
  ...[add, editContact, editStatus, editRole, resetPassword, editPassword, remove],
]
