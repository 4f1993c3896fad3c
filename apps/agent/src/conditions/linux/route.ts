/** RTF_UP and RTF_REJECT (include/uapi/linux/route.h). */
const UP = 0x1;
const REJECT = 0x200;

/**
 * The interface of the default route with the smallest metric, IPv4 before IPv6; null: there is none.
 * @param v4 /proc/net/route: Iface Destination Gateway Flags RefCnt Use Metric Mask …, numbers in hex but the metric
 * @param v6 /proc/net/ipv6_route: destination, its prefix length, source, its length, next hop, metric, refcount, use, flags, device; all in hex
 */
export function defaultInterface(v4: string, v6: string): string | null {
  return best(v4.split('\n').map(routeV4)) ?? best(v6.split('\n').map(routeV6));
}

interface Route {
  readonly name: string;
  readonly metric: number;
}

function routeV4(line: string): Route | null {
  const [name, destination, , flags, , , metric, mask] = line.trim().split(/\s+/);
  if (name === undefined || destination !== '00000000' || mask !== '00000000') return null;
  return isUsable(flags) ? { name, metric: Number(metric) } : null;
}

function routeV6(line: string): Route | null {
  const [destination, length, , , , metric, , , flags, name] = line.trim().split(/\s+/);
  if (name === undefined || name === 'lo' || length !== '00' || !/^0{32}$/.test(destination ?? '')) return null;
  return isUsable(flags) ? { name, metric: Number.parseInt(metric ?? '', 16) } : null;
}

function isUsable(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & UP) !== 0 && (bits & REJECT) === 0;
}

function best(routes: readonly (Route | null)[]): string | null {
  return routes.filter((route) => route !== null).toSorted((a, b) => a.metric - b.metric)[0]?.name ?? null;
}
