/** Linux's tables of the network, as the kernel prints them (proc_net(5)). */

/** The IPv4 address of the default route's gateway with the least metric; undefined: there is none. */
export function defaultGateway(procNetRoute: string): string | undefined {
  const rows = procNetRoute
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    // Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT; numbers in host byte order, hexadecimal.
    .flatMap(([, destination, gateway, flags, , , metric]) => (destination === '00000000' && gateway !== undefined && (Number.parseInt(flags ?? '0', 16) & RTF_GATEWAY) !== 0 ? [{ gateway, metric: Number(metric) }] : []))
    .toSorted((a, b) => a.metric - b.metric);
  const gateway = rows[0]?.gateway;
  return gateway !== undefined && /^[0-9A-F]{8}$/i.test(gateway) ? littleEndian(gateway) : undefined;
}

/** linux/route.h */
const RTF_GATEWAY = 2;

/** Every machine that Node runs Linux on today is little-endian but one (s390x). */
const littleEndian = (hex: string): string => (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed().join('.');

/** Whether an address has answered for itself in its network; undefined: it was not asked. */
export function isArpComplete(procNetArp: string, address: string): boolean | undefined {
  const row = procNetArp
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([ip]) => ip === address);
  // IP address, HW type, Flags, HW address, Mask, Device; ATF_COM of linux/if_arp.h.
  return row === undefined ? undefined : (Number(row[2]) & 2) !== 0;
}
