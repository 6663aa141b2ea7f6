/** Orders that keep numbers while their papers are gathered, and the papers themselves, which the numbers take over. */
export function createKeptOrders(): string[] {
  return [
    'ALTER TABLE orders ADD COLUMN due_at BIGINT',
    'CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL',
    'ALTER TABLE documents ADD COLUMN order_id BIGINT',
    'ALTER TABLE documents ADD COLUMN content_id BIGINT',
    'CREATE INDEX documents_order ON documents (order_id) WHERE order_id IS NOT NULL',
    "CREATE INDEX numbers_documents ON numbers (country, type, required_documents) WHERE required_documents <> ''",
  ]
}
