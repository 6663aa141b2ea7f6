export const DIALECT = 'tiny'
