import { type ReasonCode, reasons } from '@everroll/protocol';

/**
 * How far a file has come. Every stage names what happens next, so that no item can stand still
 * without someone who moves it on.
 */
export type Stage =
  /** Seen, perhaps still being written: looked at again at `next_at`. */
  | 'settling'
  /** To be read: hash and facts. */
  | 'inspect'
  /** The server is to be asked for the hash. */
  | 'ask'
  /** The bytes are to be sent. */
  | 'send'
  /** The server holds the bytes; the asset is to be added (a Live Photo waits here for its half). */
  | 'commit'
  /** The addition is in the outbox. */
  | 'committing'
  /** The server holds the bytes, verified, and the asset is in the log. */
  | 'verified'
  /** A picture of screen size lies in the original's place in the library folder; the server holds the original. */
  | 'evicted'
  /** Left out by a rule or a person. */
  | 'excluded'
  /** It was gone before it was saved. */
  | 'vanished'
  /** A file of the library folder that the last complete listing did not show. */
  | 'missing'
  /** A file of the library folder whose asset the log has as deleted: to be removed. */
  | 'remove';

/** The states that people see. Their numbers add up to the number of items found. */
export type ItemState = 'verified' | 'waiting' | 'uploading' | 'failed' | 'excluded';

export function itemState(item: { stage: Stage; code: ReasonCode | null; uploading: boolean }): ItemState {
  switch (item.stage) {
    case 'verified':
    case 'remove':
      return 'verified';
    case 'evicted':
      // With a code the server's word on the original holds no more.
      return item.code === null ? 'verified' : 'waiting';
    case 'excluded':
      return 'excluded';
    case 'vanished':
      return 'failed';
    case 'settling':
    case 'inspect':
    case 'ask':
    case 'send':
    case 'commit':
    case 'committing':
    case 'missing':
      if (item.code !== null && reasons[item.code].class === 'failed') return 'failed';
      // What the server lost says so until it is there again, also while it is on its way.
      return item.uploading && (item.code === null || item.code === 'bit_rot') ? 'uploading' : 'waiting';
  }
}
