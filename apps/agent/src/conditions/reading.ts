import type { Conditions } from '@everroll/engine';

/** What a system told of itself; what it did not tell is left out. */
export type Reading = Partial<Omit<Conditions, 'online'>>;

/** Reads once. Takes a second or two at most, never fails, and knows nothing where the system tells nothing. */
export type Read = () => Promise<Reading>;
