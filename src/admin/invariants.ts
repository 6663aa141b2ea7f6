import { type AdminModule, route } from './route.ts'

export const invariants: AdminModule = [
  route(
    'GET /invariants',
    {
      summary: 'Whether the books are right',
      description: 'A violation is a fault of the gateway.',
      answer: { ok: true, checked: 10, violations: [] },
    },
    async ({ core }, c) => {
      const { ok, checked, violations } = await core.invariants()
      return c.json({ ok, checked, violations })
    },
  ),
]
