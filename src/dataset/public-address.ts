/** Separates addresses of the public internet from those that only this machine or its network can reach. */

import { BlockList, isIP } from 'node:net';

/** Special-purpose IPv4 blocks (IANA registry, RFC 6890) and, last, Azure's wire server, which only looks public. */
const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
];

/** Only this block is global unicast (RFC 4291, 2.4): loopback, unique-local, link-local, mapped (`::ffff:`) and NAT64 addresses are not in it. */
const GLOBAL_IPV6 = ['2000::/3'];

/** Parts of it that are not public: protocol assignments with Teredo, documentation, and 6to4, which contains an unchecked IPv4 address. */
const PRIVATE_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function blockList(blocks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const privateIpv4 = blockList(PRIVATE_IPV4, 'ipv4');
const globalIpv6 = blockList(GLOBAL_IPV6, 'ipv6');
const privateIpv6 = blockList(PRIVATE_IPV6, 'ipv6');

/** Whether an IP address in its usual notation is public. False for text that is not an address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !privateIpv4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  return globalIpv6.check(address, 'ipv6') && !privateIpv6.check(address, 'ipv6');
}

/**
 * The IP address in a URL, or undefined for a host name.
 * The URL parser has already turned decimal, octal and hexadecimal forms (`https://2130706433/`) into the usual one.
 */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
}
