import type { Store } from '../../core/store/store.ts'
import type { Database } from '../process/database.ts'
import type { World } from './world-file.ts'

/** What a world is filled with: `demo`, nothing, a value, or a world's file or folder. */
export type Seed = 'demo' | 'none' | World | { path: string }

/** How a life begins. */
export interface Beginning {
  /** Undefined: as the world was begun the first time. */
  seed?: Seed | undefined
  /** Epoch milliseconds, earlier than any before if wanted. Undefined: as the world was begun the first time. */
  now?: number | undefined
  /** The clock stands still until it is moved. */
  freeze?: boolean | undefined
}

/** Where the data of a world lies. What fails leaves the old data as they were. */
export interface Place {
  /** The data of the next life. The old ones are gone when this resolves; undefined: there are none yet. */
  begin(old: Database | undefined, beginning: Beginning): Promise<Database>
  /** A core over what was put in place of the old data. */
  reopen(store: Store, old: Database): Promise<Database>
}
