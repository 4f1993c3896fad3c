import type { Conditions } from '@everroll/engine';
import { z } from 'zod';
import type { Reading } from '../reading.ts';

/** What the script prints: names and values of the Windows Runtime's enumerations. */
const Answer = z.object({
  network: z
    .object({
      isWwan: z.boolean(),
      isWlan: z.boolean(),
      /** Of IANA's ifType: 6 Ethernet, 71 IEEE 802.11, 243 and 244 mobile broadband. */
      interfaceType: z.int(),
      /** NetworkCostType: Unrestricted, Fixed (free up to a limit), Variable (by the byte). */
      cost: z.string(),
      roaming: z.boolean(),
      overDataLimit: z.boolean(),
      /** Windows' data saver, as it is set for this connection. */
      backgroundRestricted: z.boolean(),
    })
    .nullable(),
  /** BatteryStatus: NotPresent, Discharging, Idle, Charging. */
  battery: z.string(),
  /** PowerSupplyStatus: NotPresent, Inadequate, Adequate. */
  supply: z.string(),
  percent: z.int(),
  /** EnergySaverStatus: Disabled, Off, On; the first where there is no battery, or on a charger. */
  saver: z.string(),
});
type Answer = z.infer<typeof Answer>;

export function readingOf(output: string): Reading {
  const parsed = Answer.safeParse(jsonOf(output));
  if (!parsed.success) return {};
  const { network, battery, supply, percent, saver } = parsed.data;
  const hasBattery = battery !== 'NotPresent';
  return {
    ...(network !== null && networkOf(network)),
    charging: !hasBattery || supply !== 'NotPresent',
    ...(hasBattery && { batteryPercent: percent }),
    lowPowerMode: saver === 'On',
  };
}

function networkOf(network: NonNullable<Answer['network']>): Reading {
  const connection = kindOf(network);
  const isPaid = network.cost === 'Fixed' || network.cost === 'Variable' || network.roaming || network.overDataLimit;
  return {
    ...(connection !== null && { connection }),
    ...((isPaid || network.cost === 'Unrestricted') && { metered: isPaid }),
    lowDataMode: network.backgroundRestricted,
  };
}

function kindOf({ isWwan, isWlan, interfaceType }: NonNullable<Answer['network']>): Conditions['connection'] {
  if (isWwan || interfaceType === 243 || interfaceType === 244) return 'mobile';
  if (isWlan || interfaceType === 71) return 'wifi';
  return interfaceType === 6 ? 'wired' : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
