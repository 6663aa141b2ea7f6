import { expect, it } from 'vitest'
import { type Bed, TOKEN } from './bed.ts'
import type { Hands } from './hands.ts'

/** Everything after it is done by who has come in here. */
export function comeIn(bed: () => Bed, { at, told }: Hands): void {
  const signIn = async (token: string) => {
    await bed().page.getByLabel('Admin token').fill(token)
    await bed().page.getByRole('button', { name: 'Sign in' }).click()
  }

  it('asks for the token, refuses a wrong one, and lets the right one in', async () => {
    const { page, context, didgate } = bed()
    await page.goto(`${didgate.addresses.admin}/`)
    expect(page.url()).toContain('/console/sign-in')
    await signIn('a wrong token')
    expect(await told()).toContain('not the admin token')
    await signIn(TOKEN)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    expect(cookie?.expires).toBeGreaterThan(0)
    expect(cookie?.value).not.toContain(TOKEN)
  })

  it('changes nothing without the token of the form, and nothing for who has not come in', async () => {
    const { context, didgate } = bed()
    const [cookie] = await context.cookies()
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'content-type': 'application/x-www-form-urlencoded' }
    const body = '_call=POST+%2Faccounts&name=Foreign&_back=%2Fconsole'
    const before = await didgate.core.accounts.list({}, { limit: 1, offset: 0 })
    const send = (init: RequestInit) => fetch(at('/do'), { method: 'POST', redirect: 'manual', body, ...init })
    expect((await send({ headers })).status).toBe(403)
    expect((await send({ headers: { 'content-type': headers['content-type'] } })).status).toBe(401)
    const get = await fetch(at('/numbers'), { redirect: 'manual' })
    expect([get.status, get.headers.get('location')]).toEqual([303, '/console/sign-in?next=%2Fconsole%2Fnumbers'])
    expect((await didgate.core.accounts.list({}, { limit: 1, offset: 0 })).total).toBe(before.total)
    const policy = get.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })
}

export function goOut(bed: () => Bed, { at, go }: Hands): void {
  it('signs out, and listens to nobody who has guessed ten times', async () => {
    const { page } = bed()
    await go('')
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(page.url()).toContain('/console/sign-in')
    const guess = () =>
      fetch(at('/sign-in'), { method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: 'guess' }) })
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await guess()).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses[10]).toBe(429)
    await go('/numbers')
    expect(page.url()).toContain('/console/sign-in')
  })
}
