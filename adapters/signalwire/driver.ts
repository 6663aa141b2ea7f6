/** A client of this dialect in domain words, for the contract suites. Credentials: `accountSid` and `token`. */
import type { DriverModule } from '../kit/driver.ts'
import { driverBelow, twilioDriver } from '../twilio/driver.ts'

export const signalwireDriver: DriverModule = {
  ...twilioDriver,
  dialect: 'signalwire',
  create: driverBelow('/api/laml/2010-04-01'),
}
