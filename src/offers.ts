import type { Offers } from '../adapters/kit/dialect.ts'
import type { StockKind } from '../core/verbs.ts'
import { dialectModules } from './dialects.ts'

/** The shelf as the clients of one dialect see it. */
interface Offered {
  dialect: string
  /** Null: any. */
  countries: readonly string[] | null
  types: readonly string[] | null
  own_currency: boolean
  documents: Offers['documents']
  without: string | null
  available: { currency: string; available: number }[]
}

/** Stock by the rules of each dialect that tells them. */
export function offersOf(stock: readonly StockKind[]): Offered[] {
  return dialectModules.flatMap(({ name: dialect, offers }) => {
    if (!offers) return []
    const { countries = null, types = null, ownCurrency = false, documents, without = null } = offers
    const available = byCurrency(
      stock.filter(kind => isOffered(kind, offers)),
      documents !== 'nobody',
    )
    return [{ dialect, countries, types, own_currency: ownCurrency, documents, without, available }]
  })
}

function isOffered({ country, type }: StockKind, { countries, types }: Offers): boolean {
  return (countries?.includes(country) ?? true) && (types?.includes(type) ?? true)
}

function byCurrency(kinds: readonly StockKind[], withDocuments: boolean): Offered['available'] {
  const sums = new Map<string, number>()
  for (const { currency, available, needDocuments } of kinds) {
    sums.set(currency, (sums.get(currency) ?? 0) + available - (withDocuments ? 0 : needDocuments))
  }
  return [...sums].sort().map(([currency, available]) => ({ currency, available }))
}
