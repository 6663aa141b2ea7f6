/** A name and a secret as HTTP Basic has them. */
export const basic = (name = '', secret = '') => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
