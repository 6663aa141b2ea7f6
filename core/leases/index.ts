/** What the other rooms, and the host, may use of this one. */
export { createCalls } from './calls.ts'
export {
  checkResource,
  checkTrunk,
  followAddress,
  leaveAddress,
  leaveUser,
  type SettledRoute,
  settleRoutes,
} from './destinations.ts'
export { hasMember, isLive } from './in-use.ts'
export { createProvisionings, provisioning, schedule } from './provisionings.ts'
export { createResources } from './resources.ts'
export { createTrunks } from './trunks.ts'
