import type { Conditions } from '@everroll/engine';

/** ARPHRD_ETHER (include/uapi/linux/if_arp.h). */
const ETHER = '1';

/**
 * What kind of interface `/sys/class/net/NAME` is (Documentation/ABI/testing/sysfs-class-net): `DEVTYPE`
 * says it of Wi-Fi, modems and most virtual ones; a cable is Ethernet with hardware behind it (`device`).
 * A tunnel or bridge tells nothing of what carries it: null.
 */
export function interfaceKind({ entries, uevent, type }: { readonly entries: readonly string[]; readonly uevent: string; readonly type: string }): Conditions['connection'] {
  const kind = /^DEVTYPE=(.*)$/m.exec(uevent)?.[1];
  if (kind === 'wwan') return 'mobile';
  if (kind === 'wlan' || entries.includes('wireless') || entries.includes('phy80211')) return 'wifi';
  return kind === undefined && type.trim() === ETHER && entries.includes('device') ? 'wired' : null;
}
