import type { Random } from '@everroll/engine';
import { hexOf } from '../catalogue/hex.ts';

/** `crypto.randomUUID` is for secure contexts alone; a server in the home may be reached without TLS. */
export const randomId = (): string => hexOf(crypto.getRandomValues(new Uint8Array(16)));

export const browserRandom: Random = { id: randomId, fraction: () => Math.random() };
