/** What the other rooms, and the host, may use of this one. */
export { createImports } from './imports/imports.ts'
export { createInventory } from './inventory.ts'
export { createPlaces } from './places.ts'
