/** The exception with this code, whose status is the answer's and whose address ends in the code. */
export function exception(status: number, code: number) {
  return { status, members: { code, status, message: /./, more_info: new RegExp(`${code}$`) } }
}
