import type { Sha256 } from '@everroll/protocol';
import type { UploadDesk } from '../uploads/desk.ts';
import type { Found } from './hash-once.ts';
import { noteLost } from './lost.ts';
import { reread, tellLost } from './reread.ts';
import { isStoreThere } from './store-mark.ts';

/**
 * Reads an original whole and notes what it is found to be: in its turn, or as somebody met with
 * a fault of it. Nothing is concluded where the store itself is not there (rule S3).
 */
export async function examine(desk: UploadDesk, sha256: Sha256, bytes: number): Promise<Found | 'no store'> {
  const found = await reread(desk, sha256, bytes);
  if (found !== 'missing') return found;
  if (!(await isStoreThere(desk, desk.services.clock.now()))) return 'no store';
  if ((await noteLost(desk, [sha256], found)) > 0) tellLost(desk, sha256, bytes, found);
  return found;
}
