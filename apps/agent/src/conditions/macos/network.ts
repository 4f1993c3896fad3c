import type { Conditions } from '@everroll/engine';
import type { Reading } from '../reading.ts';

/** `route -n get default`: indented lines such as `interface: en0`. */
export function interfaceOfRoute(output: string): string | null {
  return /^\s*interface:\s*(\S+)$/m.exec(output)?.[1] ?? null;
}

/** `networksetup -listallhardwareports`: blocks of `Hardware Port:`, `Device:`, `Ethernet Address:`. A tunnel is in none: null. */
export function portKind(output: string, device: string): Conditions['connection'] {
  for (const block of output.split(/\n\s*\n/)) {
    if (/^Device: (.*)$/m.exec(block)?.[1]?.trim() !== device) continue;
    const port = /^Hardware Port: (.*)$/m.exec(block)?.[1] ?? '';
    if (/wi-?fi|airport/i.test(port)) return 'wifi';
    // A phone or tablet that shares its connection.
    if (/iphone|ipad|bluetooth|modem|wwan/i.test(port)) return 'mobile';
    return /ethernet|\blan\b|thunderbolt/i.test(port) ? 'wired' : null;
  }
  return null;
}

/**
 * `ifconfig -v NAME`: `eflags=…<…,EXPENSIVE,…>` is set for a personal hotspot, `xflags=…<…,CONSTRAINED,…>`
 * by Low Data Mode (IFEF_EXPENSIVE and IFXF_CONSTRAINED of bsd/net/if_private.h in xnu). Not every
 * version prints both: without them nothing is known.
 */
export function interfaceFlags(output: string): Reading {
  const has = (set: string, flag: string): boolean => new RegExp(`^\\s*${set}=\\w+<(?:[^>]*,)?${flag}(?:,[^>]*)?>`, 'm').test(output);
  return { ...(has('eflags', 'EXPENSIVE') && { metered: true }), ...(has('xflags', 'CONSTRAINED') && { lowDataMode: true }) };
}
