/** Everything that may happen. */
import type { Acts } from './act.ts'
import { clients } from './clients.ts'
import { clocks } from './clock.ts'
import { operators } from './operators.ts'
import { owners } from './owners.ts'
import { people } from './people.ts'
import { processes } from './processes.ts'
import { requests } from './requests.ts'

export const acts: Acts = { ...clients, ...clocks, ...operators, ...owners, ...people, ...processes, ...requests }
