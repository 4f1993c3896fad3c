import { type CheckName, type CheckResult } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import type { UploadDesk } from '../uploads/desk.ts';

/** What a check of the server is given. */
export interface ServerExamination {
  readonly services: Pick<Services, 'db' | 'clock' | 'originals' | 'renditions' | 'log'>;
  readonly desk: UploadDesk;
  readonly session: SessionIdentity;
  readonly now: number;
  /** Reads all of the database; asked for often, it answers from the last time. */
  readonly database: () => Promise<{ readonly sound: boolean; readonly tables: number; readonly detail: string; readonly at: number }>;
}

export interface ServerCheck {
  readonly name: CheckName;
  /** Whose business it is: the server's owner's, or each account's own. */
  readonly of: 'server' | 'account';
  readonly run: (exam: ServerExamination) => Promise<CheckResult>;
}
