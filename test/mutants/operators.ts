/** Faults of this code base's own kinds, beside those that the instrumenter knows: what queries and units are made of. */

/** As much of a node of the syntax tree, and of where it stands, as is looked at here. */
export interface Node {
  type: string
  [key: string]: unknown
}
export interface Place {
  node: Node
  parent: Node
}
interface Operator {
  name: string
  mutate(place: Place): Iterable<Node>
}

/** Links without which a query finds, changes or locks something else. */
const LINKS = new Set(['where', 'orderBy', 'groupBy', 'limit', 'offset', 'onConflict', 'forUpdate', 'skipLocked'])

function linkOf(node: unknown): string | undefined {
  const { type, callee } = (node ?? {}) as { type?: string; callee?: { type: string; property: { name?: string } } }
  return type === 'CallExpression' && callee?.type === 'MemberExpression' ? callee.property.name : undefined
}

/** `query.where(…)` becomes `query`. */
const link: Operator = {
  name: 'QueryLink',
  *mutate({ node }) {
    if (LINKS.has(linkOf(node) ?? '')) yield (node.callee as { object: Node }).object
  },
}

/** One statement of several that does something is left out. */
const statement: Operator = {
  name: 'Statement',
  *mutate({ node, parent }) {
    const isOne = ((parent.body as unknown[] | undefined)?.length ?? 2) > 1
    if (node.type === 'ExpressionStatement' && isOne) yield { type: 'BlockStatement', body: [], directives: [] }
  },
}

/** `set({ a, b })` becomes `set({ a })`. */
const column: Operator = {
  name: 'SetColumn',
  *mutate({ node, parent }) {
    if (node.type !== 'ObjectExpression' || linkOf(parent) !== 'set') return
    const properties = node.properties as Node[]
    if (properties.length > 1) {
      for (const each of properties) yield { ...node, properties: properties.filter(other => other !== each) }
    }
  },
}

export const OPERATORS: readonly Operator[] = [link, statement, column]
