/**
 * What a device can tell of its surroundings, or what a person said in its place. null is unknown:
 * of the connection and the charger it counts as the person chose (`unknownConditions`), of the
 * rest as good, as a machine that cannot tell its heat is not too hot.
 */
export interface Conditions {
  readonly online: boolean | null;
  readonly connection: 'wired' | 'wifi' | 'mobile' | null;
  /** The connection is paid for by the byte, or the system says so. */
  readonly metered: boolean | null;
  /** The system's own Low Data Mode. */
  readonly lowDataMode: boolean | null;
  /** The system's own switch of mobile data for Everroll: the gate before the one in the settings. */
  readonly mobileDataAllowed: boolean | null;
  /** On a charger or on mains; a machine without a battery is. */
  readonly charging: boolean | null;
  readonly batteryPercent: number | null;
  readonly lowPowerMode: boolean | null;
  /** So hot that the system slows it down. */
  readonly hot: boolean | null;
}

export const unknownConditions: Conditions = {
  online: null,
  connection: null,
  metered: null,
  lowDataMode: null,
  mobileDataAllowed: null,
  charging: null,
  batteryPercent: null,
  lowPowerMode: null,
  hot: null,
};
