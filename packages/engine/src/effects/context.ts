import type { LibraryId, ReasonCode } from '@everroll/protocol';
import { hold, type Lane, laneOf, release } from '../holds/holds.ts';
import type { Failure, Result } from '../ports/failure.ts';
import type { LibraryFolder, Source } from '../ports/source.ts';
import type { Ports } from '../ports/world.ts';
import type { Reporter } from '../devices/reporter.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Meter } from '../progress.ts';

/** Times that a person or a test may choose. */
export interface Timing {
  /** A file is read when it was left alone for so long: cameras and copies pause within a file. */
  readonly settleMs: number;
  /**
   * A run that ends when it is idle waits so long for what comes by itself: a file that settles, a
   * server that restarts, the other half of a Live Photo.
   */
  readonly patienceMs: number;
  /** With work that may be done and no progress for so long, a device stands still. */
  readonly stallMs: number;
  /** Rows of the snapshot that are stored in one step: asked anew for each page. Where a person waits on the same thread, few, so that what they ask is answered between. */
  readonly rowsAtOnce: () => number;
}

/** What every effect is given. */
export interface Context {
  readonly ports: Ports;
  readonly timing: Timing;
  readonly meter: Meter;
  readonly library: LibraryId;
  readonly signal: AbortSignal;
  /** Why this effect did not do what it was for, as far as it did not; for the journal. */
  readonly met: { code: ReasonCode | null };
  /** Someone said that there is something new on the server; the pull that answers it clears this. */
  readonly pullWanted: { value: boolean };
  /** The server may hold other settings for this device; asking for them clears this. */
  readonly settingsWanted: { value: boolean };
  readonly reporter: Reporter;
  /** For what happens to many files, each by itself. */
  readonly commits: GroupCommit;
}

export function sourceOf(context: Context, sourceId: number): Source {
  const row = context.ports.driver.prepare('SELECT kind, location FROM source WHERE id = ?').get(sourceId);
  const location = String(row?.['location'] ?? '');
  return row?.['kind'] === 'folder' ? context.ports.openFolder({ kind: 'folder', location }) : context.ports.openSource({ kind: 'source', location });
}

export function folderAt(context: Context, sourceId: number): LibraryFolder {
  const row = context.ports.driver.prepare('SELECT location FROM source WHERE id = ?').get(sourceId);
  return context.ports.openFolder({ kind: 'folder', location: String(row?.['location'] ?? '') });
}

/**
 * Every answer about bytes passes here: one that came ends the server's hold, one whose reason
 * concerns all work begins or lengthens a hold.
 */
export function observeAnswer(context: Context, result: Result<unknown>): void {
  const { driver, clock, random } = context.ports;
  if (result.ok) {
    if (driver.prepare("SELECT 1 AS found FROM hold WHERE lane = 'server'").get()) release(driver, 'server');
    return;
  }
  context.met.code = result.failure.code;
  const lane = laneOf(result.failure.code);
  if (lane === undefined) {
    // The server itself has answered: it is there.
    release(driver, 'server');
    return;
  }
  if (!context.signal.aborted) driver.transaction(() => hold(driver, lane, result.failure, clock.now(), random));
}

/** One question that a device asks; the server may answer it wrongly while it answers others. */
type Question = 'pull' | 'push' | 'known' | 'report' | 'settings';

/**
 * A question failed. Where the reason is none of the whole server's, it would fail the same way at
 * once again: that question waits, whatever the reason.
 */
export function holdQuestion(context: Context, question: Question, failure: Failure): void {
  const { driver, clock, random } = context.ports;
  context.met.code = failure.code;
  if (!context.signal.aborted) driver.transaction(() => hold(driver, laneOfQuestion(question, failure.code), failure, clock.now(), random));
}

/** That this device says too much of itself holds nothing else. */
function laneOfQuestion(question: Question, code: ReasonCode): Lane {
  return question === 'report' && code === 'rate_limited' ? question : (laneOf(code) ?? question);
}

/** It was answered as it should be. */
export function releaseQuestion(context: Context, question: Question): void {
  const { driver } = context.ports;
  for (const lane of ['server', question] as const) {
    if (driver.prepare('SELECT 1 AS found FROM hold WHERE lane = ?').get(lane)) release(driver, lane);
  }
}

export function failSource(context: Context, sourceId: number, failure: Failure, delayMs: number): void {
  const { driver, clock } = context.ports;
  const now = clock.now();
  context.met.code = failure.code;
  driver.transaction(() => {
    driver
      .prepare('UPDATE source SET since = CASE WHEN code IS ? THEN coalesce(since, ?) ELSE ? END, code = ?, evidence = ?, attempts = attempts + 1, next_at = ?, scan_wanted = 1 WHERE id = ?')
      .run(failure.code, now, now, failure.code, JSON.stringify(failure.evidence), now + delayMs, sourceId);
  });
}

