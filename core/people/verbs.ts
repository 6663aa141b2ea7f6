import type { Why } from '../ground/fault.ts'
import type {
  Account,
  Actor,
  Caller,
  Credential,
  JsonObject,
  Listed,
  Micros,
  Organization,
  Page,
  Role,
  Session,
  SipAddress,
  User,
} from '../ground/model.ts'
import type { IdentityNeeds } from './verification-verbs.ts'

export interface NewAccount {
  id?: number
  guid?: string
  handle?: string
  name: string
  parentId?: number | null
  currency?: string
  role?: Account['role']
  isActive?: boolean
  identityVerified?: boolean
  /** What has to be verified of it; not verified until then. */
  identityNeeds?: IdentityNeeds
  allowUnauthenticated?: boolean
  profile?: JsonObject
}

/** One credential to make; see Credentials.create. */
export interface NewCredential {
  accountId: number
  userId?: number
  realm: string
  kind: Credential['kind']
  publicId?: string
  secret?: string
  role?: Role
  scopes?: string[]
  name?: string
  /** Ends with this credential: a token that was given out for it. */
  issuedFrom?: number
}

/** One of the first credentials of an account. */
export type FirstCredential = Omit<NewCredential, 'accountId' | 'userId' | 'issuedFrom'> & {
  /** Issued from the first of the list, and so ended with it. */
  isIssued?: true
}

export interface AccountChange {
  name?: string
  isActive?: boolean
  identityVerified?: boolean
  /** What has to be verified of it from now on; without any it is as verified as it was. */
  identityNeeds?: IdentityNeeds
  allowUnauthenticated?: boolean
  featuresOff?: string[]
  defaultOrganizationId?: number
  defaultUserId?: number
  /** Merged key by key; null removes one. */
  profile?: JsonObject
  creditLimit?: { currency: string; amount: Micros }
  /** Currency `*` stands for every other one. */
  releaseFee?: { currency: string; amount: Micros }
  quarantineDays?: { country: string; days: number }
  reclaimDays?: { country: string; days: number }
}

export interface Accounts {
  get(id: number): Promise<Account | undefined>
  byGuid(guid: string): Promise<Account | undefined>
  byHandle(handle: string): Promise<Account | undefined>
  /** By id. */
  list(
    filter: { parentId?: number; isActive?: boolean },
    page: Page,
    options?: { descending?: boolean },
  ): Promise<Listed<Account>>
  create(actor: Actor, input: NewAccount): Promise<Account>
  /**
   * The account with its first credentials, in one unit. Key pairs go by its handle. The secrets in clear are returned
   * here, in the order of `access`, and never again.
   */
  open(
    actor: Actor,
    input: NewAccount,
    access: readonly FirstCredential[],
  ): Promise<{ account: Account; secrets: string[] }>
  /** Faults: not_found, wrong_state (removed: such a one never comes back). */
  update(actor: Actor, id: number, change: AccountChange): Promise<Account>
  /** Close a sub-account: revokes its credentials. Faults: not_found (any other too), wrong_state when it still holds numbers. */
  remove(actor: Actor, id: number): Promise<void>
  /**
   * Act on another account: itself, its children, or any for an operator (audited). One that may not act now can be
   * looked at, but nothing is done in its name. Faults: forbidden (account, inactive).
   */
  reach(caller: Caller, accountId: number, action: string, options?: { isReading?: boolean }): Promise<Caller>
  /** The account in its own name, for those whom nothing but its id lets in. Faults: unauthenticated (inactive). */
  admit(accountId: number): Promise<Caller>
  /** The account in its own name, for what the operator of the gateway does: whether it may act is not asked. */
  callerFor(account: Account, role?: Role, scopes?: readonly string[]): Caller
  /** Release fee of this account in this currency; 0 when none. */
  releaseFee(accountId: number, currency: string): Promise<Micros>
}

/** How a secret takes the place of another. */
export interface SecretChange {
  /** Milliseconds for which the old one holds too; default 0, at most 30 days. */
  overlapMs?: number | undefined
  /** For the audit. */
  reason?: string | undefined
}

export interface UserFilter {
  accountId?: number
  organizationId?: number
  userId?: number
}

export interface NewAddress {
  organizationId: number
  username: string
  kind: SipAddress['kind']
  userId?: number | null
  /** The address that an alias stands for. */
  parentId?: number | null
  name?: string
  /** No other address of its kind in the organization has this name. */
  isNameUnique?: boolean
  data?: JsonObject
}

export interface AddressChange {
  username?: string
  name?: string
  isNameUnique?: boolean
  userId?: number
  /** Merged key by key. */
  data?: JsonObject
}

export interface Directory {
  organization(id: number): Promise<Organization | undefined>
  organizationByDomain(domain: string): Promise<Organization | undefined>
  organizations(
    accountId: number,
    page: Page,
    order?: { by: 'id' | 'domain'; descending: boolean },
  ): Promise<Listed<Organization>>
  /** The first becomes the account's default, unless `isDefault` is false. */
  createOrganization(
    actor: Actor,
    input: { id?: number; accountId: number; domain: string; contact?: JsonObject; isDefault?: boolean },
  ): Promise<Organization>
  user(id: number): Promise<User | undefined>
  userByAddress(username: string, domain: string): Promise<User | undefined>
  userByAuthUsername(name: string): Promise<User | undefined>
  users(
    filter: UserFilter,
    page: Page,
    order?: { by: 'id' | 'organization' | 'authUsername'; descending: boolean },
  ): Promise<Listed<User>>
  /** Creates the user with its SIP address. Without `sipPassword` one is drawn. */
  createUser(
    actor: Actor,
    input: {
      id?: number
      organizationId: number
      username: string
      authUsername: string
      role: Role
      password?: string
      sipPassword?: string
      contact?: JsonObject
    },
  ): Promise<User>
  /** Disabling ends the user's sessions. Faults: not_found. */
  setUserEnabled(actor: Actor, userId: number, isEnabled: boolean, reason?: string): Promise<User>
  /**
   * Another portal password, or the first: it ends the user's sessions and forgets failed log-ins. Without `password`
   * one is drawn; it is returned here and never again. With an overlap the former one holds beside it for so long, and
   * the sessions stay. Faults: not_found, invalid_input (overlap), wrong_state (two hold already).
   */
  setPassword(
    actor: Actor,
    userId: number,
    password?: string,
    change?: SecretChange,
  ): Promise<{ user: User; password: string }>
  /** The SIP password in clear. */
  sipPassword(userId: number): Promise<string>
  address(username: string, domain: string): Promise<SipAddress | undefined>
  addresses(
    filter: UserFilter & { kind: SipAddress['kind'] },
    page: Page,
    order?: { by: 'id' | 'username' | 'domain' | 'user_id' | 'organization_id' | 'name'; descending: boolean },
  ): Promise<Listed<SipAddress>>
  addressById(id: number): Promise<SipAddress | undefined>
  /** Other names, of the addresses of one user when one is named. In order of their making. */
  aliases(filter: UserFilter & { accountId: number }, page: Page): Promise<Listed<SipAddress>>
  /** Faults: not_found (organization, user, address), name_taken (address, resource: its name), limit_reached. */
  addAddress(caller: Caller, input: NewAddress): Promise<SipAddress>
  /** What leads to it follows it to a new name. Faults: as above. */
  editAddress(caller: Caller, id: number, change: AddressChange): Promise<SipAddress>
  /** With its other names; nothing leads there afterwards. Faults: not_found. */
  removeAddress(caller: Caller, id: number): Promise<void>
  /** Contacts are merged key by key. Faults: not_found, wrong_state (nobody else would administer the account). */
  editUser(actor: Actor, userId: number, change: { role?: Role; contact?: JsonObject }): Promise<User>
  /**
   * With its addresses, credentials and sessions. Its numbers stay with the account and lead to none of its addresses.
   * Faults: not_found, wrong_state (nobody else would administer the account).
   */
  removeUser(actor: Actor, userId: number): Promise<void>
  /** Faults: name_taken. */
  addTelephoneAddress(
    caller: Caller,
    input: { organizationId: number; username: string; domain: string; name: string },
  ): Promise<SipAddress>
  /** Faults: not_found, name_taken. */
  editTelephoneAddress(caller: Caller, id: number, change: { username?: string; name?: string }): Promise<SipAddress>
  removeTelephoneAddress(caller: Caller, id: number): Promise<void>
}

/** A credential that was accepted. */
export interface Access {
  credential: Credential
  caller: Caller
}

/** A surface that credentials are made for, and in what they can be restricted there. */
export interface Realm {
  name: string
  kinds: readonly Credential['kind'][]
  /** Roles that may be asked for. */
  roles: readonly Role[]
  /** Undefined: any word. */
  scopes: readonly string[] | undefined
}

export interface Credentials {
  /** From now on credentials are made for these realms alone (and those described before), as they can be kept there. */
  describe(realms: readonly Realm[]): void
  /** Undefined: none was described, so that any is taken. */
  realms(): readonly Realm[] | undefined

  /**
   * The secret in clear is returned here and never again. Passwords are hashed slowly, drawn keys fast. Faults:
   * invalid_input (realm, kind, role, scopes: what the realm cannot keep), name_taken, limit_reached, not_found.
   */
  create(actor: Actor, input: NewCredential): Promise<{ credential: Credential; secret: string }>
  /**
   * Constant-time check; revocation takes effect at once. Of several realms the first in which it is right. Undefined: no
   * such pair. Faults: unauthenticated (inactive): it is right, but who it stands for may not act now.
   */
  verifyPair(realm: string | readonly string[], publicId: string, secret: string): Promise<Access | undefined>
  verifyKey(realm: string, key: string): Promise<Access | undefined>
  /**
   * Why these open nothing in this realm, for whoever runs the gateway. `publicId` undefined: a key alone. Nothing of a
   * secret is told but the first letters of a key.
   */
  explain(realm: string, publicId: string | undefined, secret: string): Promise<Why>
  list(accountId: number): Promise<Credential[]>
  /** Ends what was issued from it, and the sessions that a password opened. Faults: not_found. */
  revoke(actor: Actor, credentialId: number, reason?: string): Promise<void>
  /**
   * The same with another secret in the place of the old one. With an overlap the old one holds as long, under its own
   * id, with what was issued from it; the new one is a further credential. Faults: not_found, name_taken, limit_reached,
   * invalid_input (overlap), wrong_state (replaced already).
   */
  rotate(
    actor: Actor,
    credentialId: number,
    secret?: string,
    change?: SecretChange,
  ): Promise<{ credential: Credential; secret: string }>
}

export interface Sessions {
  /**
   * Log a user in by auth user name or `user@domain`. Faults: login_failed, login_locked (both counted and stored, for
   * the name as it is asked for from `source`, an address or a network).
   */
  login(realm: string, name: string, password: string, source?: string): Promise<{ token: string; caller: Caller }>
  /** The same without a session (HTTP Basic). */
  check(realm: string, name: string, password: string, source?: string): Promise<Caller>
  /** Sliding life time. Undefined: unknown, expired or destroyed. */
  resolve(realm: string, token: string): Promise<Caller | undefined>
  destroy(realm: string, token: string): Promise<boolean>
  /** Those that have not ended, newest first. */
  list(filter: { accountId?: number; userId?: number; sessionId?: number }, page: Page): Promise<Listed<Session>>
  /** Faults: not_found. */
  end(actor: Actor, sessionId: number, reason?: string): Promise<void>
  endAll(actor: Actor, userId: number, reason?: string): Promise<number>
  /** Of all users of an account; not of accounts below it. */
  endAllOf(actor: Actor, accountId: number, reason: string): Promise<number>
}

export interface Tokens {
  /** A signed token that stands for this credential and its present secret. */
  issue(realm: string, credential: Credential, lifetimeMs: number): string
  /** Faults: unauthenticated (inactive). */
  verify(realm: string, token: string): Promise<Access | 'invalid' | 'expired'>
}

export interface CallbackSecrets {
  /** In clear; drawn when there is none yet. */
  get(accountId: number, realm: string): Promise<string>
  /** In clear; undefined: none was ever drawn. */
  find(accountId: number, realm: string): Promise<string | undefined>
  set(accountId: number, realm: string, secret: string): Promise<void>
}
