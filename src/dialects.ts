import { bandwidth } from '../adapters/bandwidth/index.ts'
import { cm } from '../adapters/cm/index.ts'
import type { DialectModule } from '../adapters/kit/dialect.ts'
import { onsip } from '../adapters/onsip/index.ts'
import { signalwire } from '../adapters/signalwire/index.ts'
import { sinch } from '../adapters/sinch/index.ts'
import { sinchV1 } from '../adapters/sinch-v1/index.ts'
import { twilio } from '../adapters/twilio/index.ts'
import { vobiz } from '../adapters/vobiz/index.ts'
import { wavix } from '../adapters/wavix/index.ts'

/** The register: adding a dialect is its folder, its tests' folder and its word here. */
const registered = [onsip, wavix, vobiz, sinchV1, sinch, cm, twilio, signalwire, bandwidth] as const

export type Registered = (typeof registered)[number]
export const dialectModules: readonly DialectModule[] = registered
