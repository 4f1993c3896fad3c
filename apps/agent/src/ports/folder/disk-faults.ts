import { type Result, SourceGone, failed } from '@everroll/engine';

export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

export const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
export const isForbidden = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error));
/** EDQUOT: the user's own quota on a shared disk is as full as a disk can be. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error));

/** Every fault of a disk has a code in the shape of an errno; anything else is a defect and is thrown on. */
export const isDiskFault = (error: unknown): boolean => /^E[A-Z0-9]+$/.test(codeOf(error));

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function rootFault(error: unknown): SourceGone {
  return new SourceGone(isForbidden(error) ? 'source_access_revoked' : 'source_missing', textOf(error));
}

/** What a fault means for one file of a source. */
export function fileFault(error: unknown): Result<never> {
  if (error instanceof SourceGone) return failed(error.code, { detail: error.message });
  if (isAbsent(error)) return failed('vanished', { detail: textOf(error) });
  if (isDiskFault(error)) return failed('unreadable', { detail: textOf(error) });
  throw error;
}
