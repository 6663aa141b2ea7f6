import * as v from 'valibot'

export const number = v.strictObject({ number: v.string(), price: v.number(), currency: v.string() })
export const order = v.strictObject({ number: v.string() })
export const error = v.strictObject({ error: v.string() })
