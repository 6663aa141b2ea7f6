/** What the other rooms, and the host, may use of this one. */
export { createCompanyProfiles, toCompanyProfile } from './company-profiles.ts'
export { createDocuments, META, toDocument } from './documents.ts'
