/** How the client called: its links say the same. */
export interface Address {
  /** The listener belongs to this dialect alone, without a mount. */
  dialect?: string | undefined
  /** What stands before the mount, as it was received: `/~name`. */
  prefix?: string | undefined
  /** By a host name or a port of the world's own, where the configured public URL does not lead. */
  isOwnOrigin?: boolean | undefined
}
