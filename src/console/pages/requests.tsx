import type { Answer } from '../client.ts'
import { type Column, Time } from '../parts.tsx'
import type { View } from '../view.ts'

export const exchangeColumns = (view: View): Column<Answer>[] => [
  { name: 'At', cell: each => <Time at={each.at} /> },
  { name: 'Request', cell: each => <a href={`${view.base}/requests/${each.id}`}>{each.operation ?? each.id}</a> },
  { name: 'Dialect', cell: each => each.dialect },
]
