import { describe, expect, test } from 'vitest';
import { isPublicAddress, literalAddress } from '../../src/dataset/public-address.ts';

test.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  ['this network', '0.0.0.0'],
  ['private', '10.1.2.3'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local', '169.254.1.1'],
  ['cloud metadata', '169.254.169.254'],
  ['Azure’s wire server', '168.63.129.16'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['documentation', '192.0.2.1'],
  ['private', '192.168.1.1'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
  ['mapped public', '::ffff:8.8.8.8'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['unique-local', 'fd00::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700::1111%eth0'],
  ['multicast', 'ff02::1'],
  ['Teredo', '2001:0:53aa:64c:0:1:2:3'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['not an address', 'example.com'],
  ['a decimal number', '2130706433'],
  ['nothing', ''],
])('%s (%s) is not public', (_, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe('the address that a URL is written as', () => {
  test.each([
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['https://0177.0.0.1/', '127.0.0.1'],
    ['https://0xa9fea9fe/', '169.254.169.254'],
    ['https://127.1/', '127.0.0.1'],
    ['https://１２７.０.０.１/', '127.0.0.1'],
    ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['https://[::1]:8443/', '::1'],
  ])('of %s is %s, which is rejected', (url, address) => {
    expect(literalAddress(new URL(url))).toBe(address);
    expect(isPublicAddress(address)).toBe(false);
  });

  test('is absent for a name', () => {
    expect(literalAddress(new URL('https://example.com/'))).toBeUndefined();
  });
});
