import type { CheckName, ReasonCode } from '@everroll/protocol';
import type { Ward } from './ward.ts';

/**
 * What says it: a check of the doctor; `everroll why FILE`, where what waits or is left out is no
 * fault that the doctor would speak of; `everroll status`, for changes that the server refused; what the library shows of a `photo`, where its
 * picture could not be made.
 */
export type Teller = CheckName | 'why' | 'status' | 'photo';

/** Causes, evidence and fixes of one reason; adding one to the table is adding one of these. */
export interface Scenario {
  readonly code: ReasonCode;
  readonly check: Teller;
  /** What is done to the world. */
  readonly cause: string;
  make(ward: Ward): Promise<void> | void;
  /** What has to stand in the evidence's facts. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** What mends it, as a person reads it. */
  readonly fix: string;
  /** What the world or the person does about it; nothing where `everroll doctor --fix` does it all. */
  mend?(ward: Ward): Promise<void> | void;
  /** Whether the photo that was added waits for it. */
  readonly holdsItem?: boolean;
  /** What is not done before the doctor looks: the photo of the scenario, and the try to sync. */
  readonly without?: 'sync' | 'photo';
  /** The file that `why` is asked about, where it is not the scenario's photo. */
  readonly file?: (ward: Ward) => string;
  /** Other checks that say the same. */
  readonly also?: readonly CheckName[];
  /** Other codes that the cause brings about. */
  readonly besides?: readonly ReasonCode[];
  /** What has to hold in the end beside all being saved. */
  proves?(ward: Ward): Promise<void> | void;
  /** Seconds within which it has to be told, and mended; 120 unless said. */
  readonly within?: number;
  /** What it leaves behind is not for another scenario. */
  readonly spoils?: true;
  /** What this machine lacks for it, in words; undefined: nothing. */
  readonly needs?: () => string | undefined;
}
