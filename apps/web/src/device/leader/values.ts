import type { Operation } from '@everroll/protocol';
import type { Home } from './home.ts';
import { albumSummaries } from '../catalogue/albums.ts';
import type { Surroundings } from '../contract/session.ts';
import { Value } from '../rpc/value.ts';
import type { SessionDesk } from './session.ts';
import { spaceOf, surroundingsOf } from './surroundings.ts';
import type { Uploads } from './uploads.ts';

/** How often the browser is asked what it stores: it counts for some milliseconds. */
const SPACE_EVERY_MS = 30_000;

/** What pages follow, computed anew when something changed and somebody looks. */
export class Values {
  readonly #home: Home;
  readonly #desk: SessionDesk;
  readonly #uploads: Uploads;
  #space: { readonly space: Surroundings['space']; readonly durable: boolean | null } = { space: null, durable: null };
  #spaceAt = 0;
  readonly status: Value<ReturnType<Home['engine']['status']>>;
  readonly progress: Value<ReturnType<Home['engine']['progress']>>;
  readonly settings: Value<ReturnType<Values['settingsNow']>>;
  readonly surroundings: Value<Omit<Surroundings, 'role'>>;
  /** null: not read yet. */
  readonly albums: Value<ReturnType<typeof albumSummaries> | null>;
  readonly pending: Value<ReturnType<Values['pendingNow']>>;
  readonly uploads: Value<ReturnType<Uploads['summary']>>;

  constructor(home: Home, desk: SessionDesk, uploads: Uploads) {
    this.#home = home;
    this.#desk = desk;
    this.#uploads = uploads;
    this.status = new Value(home.engine.status());
    this.progress = new Value(home.engine.progress());
    this.settings = new Value(this.settingsNow());
    this.surroundings = new Value(this.#surroundingsNow());
    // They take longer than all else that is shown first: the first refresh brings them.
    this.albums = new Value<ReturnType<typeof albumSummaries> | null>(null);
    this.pending = new Value(this.pendingNow());
    this.uploads = new Value(uploads.summary());
  }

  /** @param albums whether one of them, or a photo that may be in one, is another than before. */
  refresh({ albums }: { readonly albums: boolean }): void {
    const { engine, ports, catalogue } = this.#home;
    this.#desk.refresh();
    this.status.set(engine.status());
    this.progress.set(engine.progress());
    this.settings.set(this.settingsNow());
    this.surroundings.set(this.#surroundingsNow());
    this.pending.set(this.pendingNow());
    this.uploads.set(this.#uploads.summary());
    if (albums || this.albums.get() === null) this.albums.set(albumSummaries(ports.driver, catalogue));
    this.#lookAtSpace();
  }

  settingsNow() {
    const { engine, ports } = this.#home;
    const day = new Date().setHours(0, 0, 0, 0);
    const used = JSON.parse(String(ports.driver.prepare("SELECT value FROM meta WHERE key = 'mobileUse'").get()?.['value'] ?? '{"day":0,"bytes":0}')) as { readonly day: number; readonly bytes: number };
    return { settings: engine.settings(), conditions: engine.conditions(), mobileUsedBytes: used.day === day ? used.bytes : 0 };
  }

  pendingNow() {
    const { pendingChanges, rejectedChanges } = this.#home.engine.status();
    return { count: pendingChanges, refused: rejectedChanges.map(({ code, at, operation }) => ({ code, at, operation: (operation as Operation).op })) };
  }

  #surroundingsNow(): Omit<Surroundings, 'role'> {
    return surroundingsOf(this.#home, this.#desk, this.#space.space, this.#space.durable);
  }

  #lookAtSpace(): void {
    const now = Date.now();
    if (now - this.#spaceAt < SPACE_EVERY_MS) return;
    this.#spaceAt = now;
    void spaceOf().then((space) => {
      this.#space = space;
      this.surroundings.set(this.#surroundingsNow());
    });
  }
}
