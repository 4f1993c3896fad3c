import { z } from 'zod';

/**
 * The storage plans (PRODUCT section 1, point 9): the one table of them. Sizes are decimal, as plans
 * are sold; every account begins with the free one, and the server's owner assigns the others (Q1).
 */
export const PlanName = z.enum(['5GB', '50GB', '200GB', '2TB', '6TB', '12TB', 'unlimited']);
export type PlanName = z.infer<typeof PlanName>;

/** In bytes, from the smallest to the largest; null is without a limit. */
export const planBytes: Readonly<Record<PlanName, number | null>> = {
  '5GB': 5_000_000_000,
  '50GB': 50_000_000_000,
  '200GB': 200_000_000_000,
  '2TB': 2_000_000_000_000,
  '6TB': 6_000_000_000_000,
  '12TB': 12_000_000_000_000,
  'unlimited': null,
};

export const FREE_PLAN: PlanName = '5GB';

/** The plan of that size; null where the table has none. */
export function planOfBytes(bytes: number | null): PlanName | null {
  return PlanName.options.find((name) => planBytes[name] === bytes) ?? null;
}

/** A plan as a person writes it: `2 TB`, `2tb`, `Unlimited`. */
export function parsePlan(text: string): PlanName | null {
  const plain = text.replaceAll(/\s/g, '').toLowerCase();
  return PlanName.options.find((name) => name.toLowerCase() === plain) ?? null;
}
