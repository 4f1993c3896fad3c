import { type Engine, type Ports, type Result, failed, type Why } from '@everroll/engine';
import { type AssetId, type Sha256, VERIFY_MAX } from '@everroll/protocol';
import type { UploadItem, UploadState, UploadSummary } from '../contract/uploads.ts';
import type { Store } from '../staging/copies.ts';
import { STAGED } from '../staging/source.ts';
import type { StagedFile } from '../staging/staged.ts';
import { addStaged, forgetDone, forgetStaged, makeStagedTable, markStaged, type StagedRow, stagedIn, stagedRow } from '../staging/table.ts';

const nothing: UploadSummary = { total: 0, byState: { copying: 0, waiting: 0, uploading: 0, verified: 0, failed: 0, excluded: 0 }, totalBytes: 0, doneBytes: 0, bytesPerSecond: 0, secondsLeft: null, version: 0 };

/** What of this browser's `Home` it works on. */
export interface UploadsHome {
  readonly engine: Engine;
  readonly ports: Pick<Ports, 'driver' | 'clock'> & { readonly server: Pick<Ports['server'], 'verified'> };
  readonly store: Store;
  /** Ends what is asked of the server. */
  readonly signal: AbortSignal;
}

/** Of what the server does not confirm, or cannot be asked, it is asked again after so long. */
const ASK_AGAIN_MS = 60_000;

/** A file whose item counts as saved. */
interface Saved {
  readonly id: string;
  readonly sha256: Sha256;
}

/** What a person gave to this browser, on its way to the server. */
export class Uploads {
  readonly #home: UploadsHome;
  readonly #engine: Engine;
  #isSweeping = false;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #version = Date.now();
  #shown = '';

  constructor(home: UploadsHome) {
    this.#home = home;
    this.#engine = home.engine;
    makeStagedTable(home.ports.driver);
  }

  /** Takes over what was copied while nobody led, and sees to it that the engine looks at all of it. */
  async begin(): Promise<void> {
    if (!this.#engine.sources().some(({ location }) => location === STAGED)) this.#engine.addSource(STAGED);
    await this.#finishSaved();
    await this.#forgetCancelled();
    await this.add(await this.#home.store.orphans(), null);
  }

  /** @param contents where this browser has no store of files. */
  async add(files: readonly StagedFile[], contents: readonly Blob[] | null): Promise<void> {
    const { store, ports } = this.#home;
    for (const [at, content] of contents?.entries() ?? []) {
      const file = files[at];
      if (file !== undefined) await store.put(file.id, content);
    }
    addStaged(ports.driver, files);
    for (const { id } of files) await store.settle(id);
    if (files.length > 0) this.#engine.rescan();
  }

  /**
   * What the server has needs no copy here any more. That it was saved once does not count: the server may have gone
   * back to an older state since. So it is asked, and reads its own copies again (rules A5 and I6).
   */
  async sweep(): Promise<void> {
    const { ports, store } = this.#home;
    if (this.#isSweeping || Math.abs(ports.clock.now() - this.#refusedAt) < ASK_AGAIN_MS) return;
    this.#isSweeping = true;
    try {
      for (let saved = this.#saved(); saved.length > 0; saved = this.#saved()) {
        const held = await this.#heldOf(saved);
        markStaged(ports.driver, held, 'saved');
        // These alone: of what a page that was closed had noted, the server's word is an old one.
        for (const id of held) await store.remove(id);
        markStaged(ports.driver, held, 'done');
        if (held.length < saved.length) {
          this.#refusedAt = ports.clock.now();
          return;
        }
      }
    } finally {
      this.#isSweeping = false;
    }
  }

  #saved(): Saved[] {
    return this.#home.ports.driver
      .prepare("SELECT web_staged.id AS id, item.sha256 AS sha256 FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE web_staged.state = 'waiting' AND item.stage = 'verified' LIMIT ?")
      .all(VERIFY_MAX)
      .map((row) => ({ id: String(row['id']), sha256: String(row['sha256']) as Sha256 }));
  }

  /** Those of which the server says now, in the epoch that is known here, that it holds them; none where it may not be asked. */
  async #heldOf(saved: readonly Saved[]): Promise<string[]> {
    const { engine, ports } = this.#home;
    const library = engine.identity()?.library.id;
    if (library === undefined || !engine.maySend()) return [];
    const answer = await ports.server.verified(library, saved.map(({ sha256 }) => sha256), this.#home.signal);
    if (!answer.ok || answer.value.verified !== true || answer.value.epoch !== engine.status().cursor?.epoch) return [];
    return saved.flatMap(({ id }, at) => (answer.value.standings[at] === 'stored' ? [id] : []));
  }

  /** Of a page that was closed in the middle: the server's word was for that moment, and is asked for anew where the copy is still here. */
  async #finishSaved(): Promise<void> {
    const { store, ports } = this.#home;
    for (const { id } of stagedIn(ports.driver, 'saved')) markStaged(ports.driver, [id], (await store.get(id)) === undefined ? 'done' : 'waiting');
  }

  async #forgetCancelled(): Promise<void> {
    const { store, ports } = this.#home;
    const ids = stagedIn(ports.driver, 'cancelled').map(({ id }) => id);
    for (const id of ids) await store.remove(id);
    this.#forget(ids);
  }

  summary(): UploadSummary {
    const { driver } = this.#home.ports;
    const rows = driver.prepare('SELECT state, count(*) AS n, sum(bytes) AS bytes FROM web_staged GROUP BY state').all();
    const of = (state: string): { n: number; bytes: number } => {
      const row = rows.find((each) => each['state'] === state);
      return { n: Number(row?.['n'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
    };
    const [waiting, done, saved] = [of('waiting'), of('done'), of('saved')];
    const finished = { n: done.n + saved.n, bytes: done.bytes + saved.bytes };
    // What the server has, and has not confirmed once more.
    const unconfirmed = Number(driver.prepare("SELECT count(*) AS n FROM item JOIN web_staged ON web_staged.local_id = item.local_id WHERE state = 'waiting' AND stage = 'verified'").get()?.['n'] ?? 0);
    if (waiting.n + finished.n === 0) return nothing;
    const { items } = this.#engine.status();
    const progress = this.#engine.progress();
    // What the server has stored, and what is on its way: the rest of an addition carries no bytes.
    const stored = Number(driver.prepare("SELECT coalesce(sum(item.bytes), 0) AS bytes FROM item JOIN web_staged ON web_staged.local_id = item.local_id WHERE state = 'waiting' AND stage IN ('commit', 'committing', 'verified')").get()?.['bytes'] ?? 0);
    const moving = progress.active.filter(({ direction }) => direction === 'up').reduce((sum, { done: bytes }) => sum + bytes, stored);
    const byState = { copying: 0, waiting: Math.max(0, waiting.n - unconfirmed - items.uploading - items.failed - items.excluded), uploading: items.uploading, verified: finished.n + unconfirmed, failed: items.failed, excluded: items.excluded };
    const left = waiting.bytes - moving;
    const summary = {
      total: waiting.n + finished.n,
      byState,
      totalBytes: waiting.bytes + finished.bytes,
      doneBytes: finished.bytes + moving,
      bytesPerSecond: progress.bytesPerSecond,
      secondsLeft: progress.bytesPerSecond > 0 ? left / progress.bytesPerSecond : null,
    };
    const text = JSON.stringify(summary);
    if (text !== this.#shown) this.#version += 1;
    this.#shown = text;
    return { ...summary, version: this.#version };
  }

  /** What needs a look first. */
  items(from: number, count: number): UploadItem[] {
    return this.#home.ports.driver
      .prepare(
        `SELECT web_staged.id AS id FROM web_staged LEFT JOIN item ON item.local_id = web_staged.local_id LEFT JOIN upload ON upload.sha256 = web_staged.sha256
         WHERE state <> 'cancelled'
         ORDER BY CASE WHEN state IN ('saved', 'done') OR item.stage = 'verified' THEN 4 WHEN item.stage = 'excluded' THEN 3 WHEN item.code IS NOT NULL THEN 0 WHEN upload.sha256 IS NOT NULL THEN 1 ELSE 2 END, added_at, path LIMIT ? OFFSET ?`,
      )
      .all(count, from)
      .flatMap((row) => {
        const staged = stagedRow(this.#home.ports.driver, String(row['id']));
        return staged === undefined ? [] : [this.#itemOf(staged)];
      });
  }

  #itemOf(staged: StagedRow): UploadItem {
    const { driver } = this.#home.ports;
    const itemId = driver.prepare('SELECT item.id AS id FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE web_staged.id = ?').get(staged.id)?.['id'];
    const isSaved = staged.state === 'saved' || staged.state === 'done';
    const [why] = isSaved || itemId === undefined ? [] : this.#engine.why({ itemId: Number(itemId) });
    const state: UploadState = isSaved ? 'verified' : (why?.state ?? 'waiting');
    return {
      id: staged.id,
      name: staged.name,
      path: staged.path,
      bytes: staged.bytes,
      state,
      reason: why?.reason ?? null,
      doneBytes: state === 'verified' ? staged.bytes : this.#sentOf(why),
      attempts: why?.attempts ?? 0,
      nextAt: why?.nextAt ?? null,
      assetId: (why?.assetId ?? staged.assetId) as AssetId | null,
      survivesReload: this.#home.store.persisted,
    };
  }

  /** What the server has stored, or has been sent of the chunk that is under way. */
  #sentOf(why: Why | undefined): number {
    const moving = this.#engine.progress().active.find(({ direction, name, bytes }) => direction === 'up' && name === why?.name && bytes === why.bytes)?.done ?? 0;
    return Math.max(why?.uploadedBytes ?? 0, moving);
  }

  async cancel(ids: readonly string[] | null): Promise<void> {
    const { driver } = this.#home.ports;
    markStaged(driver, ids ?? stagedIn(driver, 'waiting').map((row) => row.id), 'cancelled');
    await this.#forgetCancelled();
  }

  retry(): void {
    this.#engine.retryItems();
    this.#engine.tryNow();
  }

  again(id: string): Result<void> {
    const itemId = this.#home.ports.driver.prepare('SELECT item.id AS id FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE web_staged.id = ?').get(id)?.['id'];
    return itemId === undefined ? failed('not_found') : this.#engine.again(Number(itemId));
  }

  async clearFinished(): Promise<void> {
    const { driver } = this.#home.ports;
    forgetDone(driver);
    const excluded = driver.prepare("SELECT web_staged.id AS id FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE item.stage = 'excluded'").all();
    await this.cancel(excluded.map((row) => String(row['id'])));
  }

  /** A person took them back: the engine is not to tell them as vanished. */
  #forget(ids: readonly string[]): void {
    const { driver } = this.#home.ports;
    driver.transaction(() => {
      for (const id of ids) {
        driver.prepare('DELETE FROM item WHERE local_id = (SELECT local_id FROM web_staged WHERE id = ?)').run(id);
        forgetStaged(driver, id);
      }
    });
    this.#engine.wake();
  }

  async contentOf(assetId: AssetId): Promise<Blob | null> {
    const id = this.#home.ports.driver
      .prepare("SELECT web_staged.id AS id FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE item.asset_id = ? AND web_staged.state = 'waiting' ORDER BY item.kind = 'photo' DESC LIMIT 1")
      .get(assetId)?.['id'];
    return id === undefined ? null : ((await this.#home.store.get(String(id))) ?? null);
  }

  /** Bytes and changes that only this browser has. */
  atRisk(): { readonly items: number; readonly bytes: number; readonly changes: number } {
    const { atRisk, pendingChanges } = this.#engine.status();
    return { items: atRisk.items, bytes: atRisk.bytes, changes: pendingChanges };
  }
}
