export const PROJECT = '/v1/projects/:project'

/** The error object: its code is the status as a number, its status the word. */
export function refusal(code: number, status: string, more: Record<string, unknown> = {}) {
  const members = { 'error.code': code, 'error.status': status, 'error.message': /./, 'error.details': Array.isArray }
  return { status: code, members: { ...members, ...more } }
}
