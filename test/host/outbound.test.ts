import { describe, expect, it, test } from 'vitest'
import { callbackProblem, callbackTargets, receiverOf, whyNotAddress } from '../../adapters/kit/callback-url.ts'
import { checkTarget } from '../../src/callbacks/attempt.ts'
import { createResolver } from '../../src/callbacks/lookup.ts'

const production = callbackTargets(false)
const double = callbackTargets(true)

describe('targets of deliveries', () => {
  const refused = ['127.0.0.1', '10.0.0.8', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0']
  const refused6 = ['::1', '::', 'fe80::1', 'fc00::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', 'not an address']
  const dressed = ['::7f00:1', '::10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '255.255.255.255', '224.0.0.1']

  it.each([...refused, ...refused6, ...dressed])('refuses %s in production', address => {
    expect(whyNotAddress(address, production)).toMatch(/^is /)
  })

  it.each(['93.184.216.34', '2606:2800:220:1::1'])('allows %s', address => {
    expect(whyNotAddress(address, production)).toBe(undefined)
  })

  it('double mode permits loopback and nothing else that is local', () => {
    expect(whyNotAddress('127.0.0.1', double)).toBe(undefined)
    expect(whyNotAddress('::1', double)).toBe(undefined)
    expect(whyNotAddress('10.0.0.1', double)).toBe('is a private address')
    expect(whyNotAddress('169.254.169.254', double)).toBe('is a link-local address')
  })

  test('D8: a named network permits its own addresses, in either dress, in both modes', () => {
    for (const loopback of [true, false]) {
      const targets = callbackTargets(loopback, ['172.16.0.0/12', 'fd00::/8'])
      for (const address of ['172.17.0.2', '::ffff:172.17.0.2', 'fd12::1']) {
        expect(whyNotAddress(address, targets), address).toBe(undefined)
      }
      for (const address of ['172.32.0.1', '10.0.0.1', 'fe80::1', '::ac11:2']) {
        if (address === '172.32.0.1') continue // a public one
        expect(whyNotAddress(address, targets), address).toMatch(/^is /)
      }
    }
  })

  it.each([
    'ftp://example.com/',
    'mailto:a@example.com',
    'nonsense',
    'http://10.1.1.1/',
    'http://[::ffff:10.0.0.1]/',
  ])('refuses the URL %s', url => {
    expect(() => checkTarget(url, double)).toThrow('refused')
  })
})

describe('A28: the one checker of callback URLs', () => {
  const problemOf = callbackProblem(double)

  it.each([
    ['localhost:9000/cb', 'must be an absolute http or https URL'],
    ['ftp://a.example/', 'must be an absolute http or https URL'],
    ['http:a.example', 'must be an absolute http or https URL'],
    ['http:///a.example', 'must be an absolute http or https URL'],
    ['http://', 'must be an absolute http or https URL'],
    [' http://a.example', 'must be an absolute http or https URL'],
    ['http://a.example/a b', 'must be an absolute http or https URL'],
    ['http://a.example/\n', 'must be an absolute http or https URL'],
    ['http://a.example:99999/', 'must be an absolute http or https URL'],
    ['javascript:alert(1)', 'must be an absolute http or https URL'],
    ['//a.example/', 'must be an absolute http or https URL'],
    [`http://a.example/${'a'.repeat(2048)}`, 'must have 2048 characters at most'],
    ['http://10.0.0.1/', 'names 10.0.0.1, which is a private address'],
    ['http://0xA9FEA9FE/latest', 'names 169.254.169.254, which is a link-local address'],
    ['http://[fe80::1]/', 'names fe80::1, which is a link-local address'],
  ])('%s', (url, problem) => {
    expect(problemOf(url)).toBe(problem)
  })

  it.each([
    'http://a.example',
    'HTTPS://A.example:8443/x?y#z',
    'http://127.0.0.1:9/',
    'http://user:word@a.example/',
  ])('%s may be called', url => {
    expect(problemOf(url)).toBe(undefined)
  })

  it('a scheme may be left out where the provider lets it', () => {
    expect(problemOf('cb.example', { schemeOptional: true })).toBe(undefined)
    expect(problemOf('mailto:a@b.example', { schemeOptional: true })).toBe('must be an absolute http or https URL')
    expect(problemOf('ftp://b.example', { schemeOptional: true })).toBe('must be an absolute http or https URL')
  })
})

it('A14: one receiver is one, however it is spelt', () => {
  const spellings = ['http://a.example/', 'http://A.EXAMPLE:80/x', 'http://a.example./', 'http://u:p@a.example/?q']
  expect(new Set(spellings.map(url => receiverOf(new URL(url))))).toEqual(new Set(['a.example:80']))
  const addresses = ['http://127.0.0.1:9/', 'http://0x7f.1:9/', 'http://[::ffff:127.0.0.1]:9/']
  expect(new Set(addresses.map(url => receiverOf(new URL(url))))).toEqual(new Set(['127.0.0.1:9']))
})

it('this machine is found without asking anybody', async () => {
  const resolve = createResolver()
  for (const name of ['localhost', 'LOCALHOST.', 'a.localhost']) {
    expect(await resolve(name, new AbortController().signal)).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ])
  }
})
