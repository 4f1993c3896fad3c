import { join } from 'node:path';
import { Sha256, UploadId } from '@everroll/protocol';

/** Names in the data folder. Everything that becomes a path has been validated as hex digits. */
export class Layout {
  readonly root: string;
  readonly originals: string;
  readonly staging: string;
  readonly setAside: string;
  readonly damaged: string;
  /** Beside the originals, on whatever is mounted there. */
  readonly mark: string;
  readonly #writer: string;

  /** @param writer hex digits that name the process which writes. */
  constructor(root: string, writer: string) {
    this.root = root;
    this.#writer = writer;
    this.originals = join(root, 'originals');
    this.staging = join(root, 'uploads');
    this.setAside = join(root, 'set-aside');
    this.damaged = join(root, 'damaged');
    this.mark = join(this.originals, 'store-mark');
  }

  /** Two levels of 256 folders each: a million originals are 16 to a folder. */
  originalFolder(sha256: Sha256): string {
    return join(this.originals, sha256.slice(0, 2), sha256.slice(2, 4));
  }

  original(sha256: Sha256): string {
    return join(this.originalFolder(sha256), sha256);
  }

  /** What this process staged; another one's has another ending. */
  staged(upload: UploadId): string {
    return join(this.staging, `${upload}.${this.#writer}`);
  }

  /** Second name of a staged file, for the moment between being linked and being renamed to its hash. */
  committing(upload: UploadId): string {
    return `${this.staged(upload)}${committingEnding}`;
  }

  setAsideFolder(day: string): string {
    return join(this.setAside, day);
  }

  damagedFolder(day: string): string {
    return join(this.damaged, day);
  }
}

const committingEnding = '.commit';

/** The upload that a name in the staging folder belongs to, and whether it is the second name of a file. */
export function stagedName(name: string): { readonly upload: UploadId; readonly isCommitting: boolean } | undefined {
  const [, id, committing] = /^([0-9a-f]+)(?:\.[0-9a-f]+)?(\.commit)?$/.exec(name) ?? [];
  const upload = UploadId.safeParse(id).data;
  return upload && { upload, isCommitting: committing !== undefined };
}

export function sha256OfName(name: string): Sha256 | undefined {
  return Sha256.safeParse(name).data;
}

/** UTC day of a time as 2026-07-31, which sorts by time. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
