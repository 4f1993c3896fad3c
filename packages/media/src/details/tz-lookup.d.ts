/** The package has no types of its own (tz-lookup 6.1.25, README). */
declare module 'tz-lookup' {
  /** The IANA zone of a place in degrees. Throws RangeError for what is not on Earth. */
  export default function lookUpZone(latitude: number, longitude: number): string
}
