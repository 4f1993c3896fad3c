import type { ReasonCode } from '@everroll/protocol';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast-queue.ts';

/** Tells why something did not work. Where the table of reasons cannot be loaded, that it did not. */
export async function showFailed(code: ReasonCode): Promise<void> {
  const table = await import('./reason-table.ts').catch(() => null);
  showToast(table?.reasons[code].sentence ?? strings.problem.title);
}
