import type { Prng } from '../world/prng.ts';

/** What a network does to one exchange. */
export const linkFaults = [
  /** The request never arrives; the device finds out when its patience ends. */
  'request lost',
  /** The server has done it; the device does not hear of it. */
  'answer lost',
  /** The device gave it up, and then it arrives: after seconds or minutes, perhaps after a restart of either. */
  'request late',
  /** It arrives twice: something on the way sent it again. */
  'request doubled',
  'request cut',
  'answer cut',
  'captive portal',
  /** A reverse proxy answers by itself: 404, 413, 502, 403. */
  'proxy',
  /** A cache gives out an earlier answer to the same question. */
  'stale answer',
  /** A newer server speaks of something that this program does not know, in the middle of a page. */
  'foreign entry',
  'slow',
  /** A bit of an original changes on the way: memory that fails, a proxy that errs. */
  'bit flipped',
] as const;
export type LinkFault = (typeof linkFaults)[number];

/** Which answers come seconds later, whatever is asked and answered meanwhile: none, those to changes, or those of the log and of uploads too. */
export type LateAnswers = 'none' | 'changes' | 'library';

/** A device's way to the server. */
export class Link {
  /** False: no network at all, and the device knows it. */
  up = true;
  faults: readonly LinkFault[] = [];
  /** Of an exchange to meet one of them. */
  probability = 0;
  late: LateAnswers = 'none';
  /** The last page of the log that passed: what a cache would give out. */
  cached: { readonly headers: Record<string, string>; readonly text: Uint8Array } | null = null;

  draw(chance: Prng): LinkFault | null {
    return this.faults.length > 0 && chance.chance(this.probability) ? chance.pick(this.faults) : null;
  }

  /** Which faults, and how many, by the bits of a number. */
  worsen(number: number): void {
    this.faults = linkFaults.filter((_fault, index) => ((number >> index) & 1) === 1);
    this.probability = [0.1, 0.3, 0.6][number % 3] ?? 0.3;
  }

  heal(): void {
    this.up = true;
    this.faults = [];
    this.probability = 0;
    this.late = 'none';
  }
}
