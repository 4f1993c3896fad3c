import type { Reading } from '../reading.ts';

/** Arguments of busctl(1). The service is not started for the question. */
export const NETWORK_MANAGER = ['--system', '--auto-start=no', 'get-property', 'org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager', 'org.freedesktop.NetworkManager', 'Metered', 'PrimaryConnectionType'] as const;

/** Types of connection profiles (nm-settings(5)); what is not here, such as a VPN, does not say what carries it. */
const kinds: Readonly<Record<string, Reading['connection']>> = {
  '802-3-ethernet': 'wired',
  'pppoe': 'wired',
  'adsl': 'wired',
  '802-11-wireless': 'wifi',
  'gsm': 'mobile',
  'cdma': 'mobile',
  'wimax': 'mobile',
  // A phone that shares its connection.
  'bluetooth': 'mobile',
};

/**
 * busctl prints a line for each property: `u 4` and `s "802-11-wireless"`. `Metered` is NMMetered
 * (libnm, NMMetered): 0 unknown, 1 yes, 2 no, 3 and 4 the same as guesses. A guess that it is none says
 * no more than that NetworkManager found no sign of it.
 */
export function networkManagerAnswer(answer: string): Reading {
  const metered = /^u (\d)$/m.exec(answer)?.[1];
  const connection = kinds[/^s "(.*)"$/m.exec(answer)?.[1] ?? ''];
  return {
    ...(connection !== undefined && { connection }),
    ...((metered === '1' || metered === '3') && { metered: true }),
    ...(metered === '2' && { metered: false }),
  };
}
