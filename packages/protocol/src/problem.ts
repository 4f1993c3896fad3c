import { z } from 'zod';
import { type ReasonCode, reasonCodes, reasons } from './reasons.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/**
 * A problem document (RFC 9457). `code` names a row of the table of reasons; `title` and `fixes` are
 * that row's. The extension members are evidence, each only with the codes that have it.
 */
export const Problem = z.object({
  type: z.literal('about:blank'),
  status: z.int().min(400).max(599),
  code: z.enum(reasonCodes),
  title: z.string(),
  detail: z.string().optional(),
  fixes: z.array(z.string()),
  /** `quota_full`, `item_larger_than_plan`, `server_disk_full`: bytes that are lacking. */
  shortBytes: z.int().optional(),
  /** `server_rolled_back`: the epoch that holds now, and where the device's own epoch broke off. */
  epoch: z.string().optional(),
  forkedAt: z.int().optional(),
  /** `mutation_gap`: the number that the server expects. */
  expected: z.int().optional(),
  /** `offset_mismatch`: the bytes that the server holds. */
  offset: z.int().optional(),
  /** `rate_limited`, `server_disk_full`: seconds to wait. */
  retryAfter: z.number().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What a device adds that no answer of a server holds: the inputs of the rule that it followed. */
export interface PolicyEvidence {
  /** What of a device's disk is free, and what is to stay so. */
  readonly freeBytes?: number;
  readonly floorBytes?: number;
  /** `mobile_data_off`: whose switch it is. */
  readonly gate?: 'system' | 'everroll' | undefined;
  /** `mobile_allowance_used`: bytes of the allowance, and of it used today; `metered_consent_needed`: what goes without asking. */
  readonly limitBytes?: number | undefined;
  readonly usedBytes?: number | undefined;
  /** `metered_consent_needed`: bytes that were asked for. */
  readonly askedBytes?: number | undefined;
  /** `battery_low`, `not_charging`: the battery's charge, and the floor that was set. */
  readonly percent?: number | undefined;
  readonly floorPercent?: number | undefined;
}

export type Evidence = Partial<Pick<Problem, 'detail' | 'shortBytes' | 'epoch' | 'forkedAt' | 'expected' | 'offset' | 'retryAfter'>> & PolicyEvidence;

export function problem(status: number, code: ReasonCode, evidence: Evidence = {}): Problem {
  const reason = reasons[code];
  return { type: 'about:blank', status, code, title: reason.sentence, fixes: [...reason.fixes], ...evidence };
}
