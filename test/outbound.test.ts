import { describe, expect, it } from 'vitest'
import { checkTarget, isAllowedAddress } from '../src/outbound-target.ts'

describe('targets of deliveries', () => {
  const refused = ['127.0.0.1', '10.0.0.8', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0']
  const refused6 = ['::1', '::', 'fe80::1', 'fc00::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', 'not an address']

  it.each([...refused, ...refused6])('refuses %s in production', address => {
    expect(isAllowedAddress(address, false)).toBe(false)
  })

  it.each(['93.184.216.34', '2606:2800:220:1::1'])('allows %s', address => {
    expect(isAllowedAddress(address, false)).toBe(true)
  })

  it('double mode permits loopback and nothing else that is local', () => {
    expect(isAllowedAddress('127.0.0.1', true)).toBe(true)
    expect(isAllowedAddress('::1', true)).toBe(true)
    expect(isAllowedAddress('10.0.0.1', true)).toBe(false)
  })

  it.each(['ftp://example.com/', 'mailto:a@example.com', 'nonsense', 'http://10.1.1.1/', 'http://[::ffff:10.0.0.1]/'])(
    'refuses the URL %s',
    url => {
      expect(() => checkTarget(url, true)).toThrow('refused')
    },
  )
})
