import { type Engine, type Result, failed, type Why } from '@everroll/engine';
import type { AssetId } from '@everroll/protocol';
import type { UploadItem, UploadState, UploadSummary } from '../contract/uploads.ts';
import { STAGED } from '../staging/source.ts';
import type { StagedFile } from '../staging/staged.ts';
import { addStaged, endStaged, forgetStaged, makeStagedTable, type StagedRow, stagedIn, stagedRow } from '../staging/table.ts';
import type { Home } from './home.ts';

const nothing: UploadSummary = { total: 0, byState: { copying: 0, waiting: 0, uploading: 0, verified: 0, failed: 0, excluded: 0 }, totalBytes: 0, doneBytes: 0, bytesPerSecond: 0, secondsLeft: null, version: 0 };

/** What a person gave to this browser, on its way to the server. */
export class Uploads {
  readonly #home: Home;
  readonly #engine: Engine;
  #version = Date.now();
  #shown = '';

  constructor(home: Home) {
    this.#home = home;
    this.#engine = home.engine;
    makeStagedTable(home.ports.driver);
  }

  /** Takes over what was copied while nobody led, and sees to it that the engine looks at all of it. */
  async begin(): Promise<void> {
    if (!this.#engine.sources().some(({ location }) => location === STAGED)) this.#engine.addSource(STAGED);
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

  /** What the server has needs no copy here any more. */
  async sweep(): Promise<void> {
    const { store, ports } = this.#home;
    const saved = ports.driver
      .prepare("SELECT web_staged.id AS id, item.asset_id AS asset FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE web_staged.state = 'waiting' AND item.stage = 'verified'")
      .all()
      .map((row) => ({ id: String(row['id']), asset: row['asset'] === null ? null : String(row['asset']) }));
    for (const { id, asset } of saved) {
      endStaged(ports.driver, id, 'done', asset);
      await store.remove(id);
    }
  }

  summary(): UploadSummary {
    const { driver } = this.#home.ports;
    const rows = driver.prepare('SELECT state, count(*) AS n, sum(bytes) AS bytes FROM web_staged GROUP BY state').all();
    const of = (state: string): { n: number; bytes: number } => {
      const row = rows.find((each) => each['state'] === state);
      return { n: Number(row?.['n'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
    };
    const [waiting, finished] = [of('waiting'), of('done')];
    if (waiting.n + finished.n === 0) return nothing;
    const { items } = this.#engine.status();
    const progress = this.#engine.progress();
    // What the server has stored, and what is on its way: the rest of an addition carries no bytes.
    const stored = Number(driver.prepare("SELECT coalesce(sum(item.bytes), 0) AS bytes FROM item JOIN web_staged ON web_staged.local_id = item.local_id WHERE state = 'waiting' AND stage IN ('commit', 'committing', 'verified')").get()?.['bytes'] ?? 0);
    const moving = progress.active.filter(({ direction }) => direction === 'up').reduce((sum, { done: bytes }) => sum + bytes, stored);
    const byState = { copying: 0, waiting: Math.max(0, waiting.n - items.uploading - items.failed - items.excluded), uploading: items.uploading, verified: finished.n, failed: items.failed, excluded: items.excluded };
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
         ORDER BY CASE WHEN state = 'done' THEN 4 WHEN item.stage = 'excluded' THEN 3 WHEN item.code IS NOT NULL THEN 0 WHEN upload.sha256 IS NOT NULL THEN 1 ELSE 2 END, added_at, path LIMIT ? OFFSET ?`,
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
    const [why] = staged.state === 'done' || itemId === undefined ? [] : this.#engine.why({ itemId: Number(itemId) });
    const state: UploadState = staged.state === 'done' ? 'verified' : (why?.state ?? 'waiting');
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
    const { store, ports } = this.#home;
    for (const id of ids ?? stagedIn(ports.driver, 'waiting').map((row) => row.id)) {
      endStaged(ports.driver, id, 'cancelled', null);
      await store.remove(id);
    }
    this.#forgetItems('cancelled');
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
    forgetStaged(driver, 'done');
    const excluded = driver.prepare("SELECT web_staged.id AS id FROM web_staged JOIN item ON item.local_id = web_staged.local_id WHERE item.stage = 'excluded'").all();
    await this.cancel(excluded.map((row) => String(row['id'])));
  }

  /** A person took them back: the engine is not to tell them as vanished. */
  #forgetItems(state: 'cancelled'): void {
    const { driver } = this.#home.ports;
    driver.transaction(() => {
      driver.prepare('DELETE FROM item WHERE local_id IN (SELECT local_id FROM web_staged WHERE state = ?)').run(state);
      forgetStaged(driver, state);
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
