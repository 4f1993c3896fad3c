const query = (service: string, path: string) => ['--system', '--auto-start=no', 'get-property', service, path, service, 'ActiveProfile'] as const;

/** power-profiles-daemon by its name since 0.20 and the one before; tuned-ppd answers to both. */
export const POWER_PROFILES = [query('org.freedesktop.UPower.PowerProfiles', '/org/freedesktop/UPower/PowerProfiles'), query('net.hadess.PowerProfiles', '/net/hadess/PowerProfiles')] as const;

/** `s "power-saver"`, `s "balanced"` or `s "performance"`. */
export function isPowerSaver(answer: string): boolean | null {
  const profile = /^s "(.*)"$/m.exec(answer)?.[1];
  return profile === undefined ? null : profile === 'power-saver';
}
