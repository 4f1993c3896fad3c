import lookUpZone from 'tz-lookup'
import type { Place } from '../facts.ts'

/** The IANA time zone of a place, for example `Europe/Berlin`: from a map of some 70 KB that is in the program. */
export const zoneOf = ({ latitude, longitude }: Place): string => lookUpZone(latitude, longitude)
