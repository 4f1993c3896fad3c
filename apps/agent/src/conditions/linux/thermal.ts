/** A zone of `/sys/class/thermal` (Documentation/driver-api/thermal/sysfs-api.rst), in thousandths of a degree Celsius. */
export interface ThermalZone {
  readonly temperature: number;
  /** From here on the kernel slows the machine down, warns, or switches it off. */
  readonly limit: number;
}

/** A trip point below this is one of a case or a battery, which a warm day reaches; and 0 and less stand for "none". */
const LOWEST_LIMIT = 65_000;
/** A trip point that makes the machine switch itself off is approached no closer than this. */
const BEFORE_CRITICAL = 5000;
/** What was hot is so until it has cooled by this much: work that begins at the limit would be at it again at once. */
const COOLED_BY = 5000;

/** @param files `temp`, `mode`, `trip_point_N_type` and `trip_point_N_temp` with what they hold; null: a zone that says nothing. */
export function zoneOf(files: ReadonlyMap<string, string>): ThermalZone | null {
  const number = (name: string): number => Number.parseInt(files.get(name) ?? '', 10);
  const temperature = number('temp');
  if (files.get('mode')?.trim() === 'disabled' || Number.isNaN(temperature)) return null;
  const limits = [...files].flatMap(([name, kind]) => {
    const trip = /^(trip_point_\d+_)type$/.exec(name)?.[1];
    if (trip === undefined || !['passive', 'hot', 'critical'].includes(kind.trim())) return [];
    const at = number(`${trip}temp`) - (kind.trim() === 'critical' ? BEFORE_CRITICAL : 0);
    return at >= LOWEST_LIMIT ? [at] : [];
  });
  return limits.length === 0 ? null : { temperature, limit: Math.min(...limits) };
}

/** null: no zone tells. */
export function isHot(zones: readonly ThermalZone[], wasHot: boolean): boolean | null {
  return zones.length === 0 ? null : zones.some(({ temperature, limit }) => temperature >= limit - (wasHot ? COOLED_BY : 0));
}
