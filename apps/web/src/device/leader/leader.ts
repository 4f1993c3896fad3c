import { DriverFull, type Result, done, failed } from '@everroll/engine';
import type { AssetId } from '@everroll/protocol';
import { removeDownloads } from '../../changes/zip-on-disk.ts';
import { removeCatalogueFile } from '../catalogue/columns-file.ts';
import type { AssetView } from '../contract/assets.ts';
import type { AtRisk } from '../contract/session.ts';
import { listenForHeads } from '../http/heads.ts';
import { removeDatabase } from '../sqlite/open.ts';
import { assetView } from './asset-view.ts';
import { Changer, loadPositions } from './changes.ts';
import { Collections } from './collections.ts';
import { watchConditions } from './conditions.ts';
import { AccountDevices } from './devices.ts';
import type { Home } from './home.ts';
import { Refresher } from './refresher.ts';
import { SessionDesk } from './session.ts';
import { Uploads } from './uploads.ts';
import { Values } from './values.ts';

/** How soon a full disk is looked at again. */
const FULL_RETRY_MS = 15_000;
/** Progress of a transfer is told this often while one is under way. */
const PROGRESS_MS = 500;
/** A page that shows no collection is waited for no longer than this, */
const SHOWN_WITHIN_MS = 500;
/** and pictures that do not come no longer than this. */
const DRAWN_WITHIN_MS = 1_000;
/** What places photos in albums is loaded so much after the engine began, for when the server is away by the time that somebody does. */
const PLACING_AFTER_MS = 2_000;

/** The tab that does this device's work: the engine that runs, and what pages see of it. */
export class Leader {
  readonly home: Home;
  readonly desk: SessionDesk;
  readonly collections: Collections;
  readonly changer: Changer;
  readonly uploads: Uploads;
  readonly values: Values;
  readonly devices: AccountDevices;
  readonly refresher: Refresher;
  readonly #ended: AbortController;
  readonly #assets = new Set<{ readonly id: AssetId; readonly tell: (view: AssetView | null) => void; text: string }>();
  readonly #giveUp: () => void;
  #stopListening: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  /**
   * @param ended aborted by `end`; what was begun for this leader before ends with it.
   * @param giveUp called when this tab no longer leads: the database was closed, and whoever is next opens it anew.
   */
  constructor(home: Home, ended: AbortController, giveUp: () => void) {
    this.home = home;
    this.#ended = ended;
    this.#giveUp = giveUp;
    this.desk = new SessionDesk(home, this.#ended.signal);
    this.collections = new Collections(home.ports.driver, home.catalogue, home.pace);
    home.catalogue.towns.onNames(() => {
      home.catalogue.version += 1;
      this.collections.refresh();
    });
    this.changer = new Changer(home.engine, home.ports.driver);
    this.uploads = new Uploads({ ...home, signal: this.#ended.signal });
    this.values = new Values(home, this.desk, this.uploads);
    this.devices = new AccountDevices(home, this.signal);
    this.refresher = new Refresher(home, ({ ids, albums, catalogue }) => {
      if (catalogue) this.collections.refresh();
      this.values.refresh({ albums: albums || ids.size > 0 });
      this.#refreshAssets();
      this.#listen();
      // Stopped in the middle, or without room for the note, it is done another time.
      void this.uploads.sweep().catch((error: unknown) => {
        if (!this.signal.aborted && !(error instanceof DriverFull)) throw error;
      });
    });
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Says where this browser stands; the engine begins after what pages have asked by now was answered. */
  begin(): void {
    const { engine } = this.home;
    watchConditions(() => {
      engine.wake();
      this.refresher.touch();
    });
    this.desk.state.follow((state) => {
      this.#listen();
      // What halts a session is told before its photos are shown.
      if (state.phase !== 'starting') this.home.file.standFor(state.phase === 'signed_in' && state.halted === null ? state.member : null);
    });
    void this.desk.begin().then(() => this.refresher.touch());
    this.#running = this.#run();
    const ticking = setInterval(() => {
      if (engine.progress().active.length > 0) this.refresher.touch();
    }, PROGRESS_MS);
    this.signal.addEventListener('abort', () => clearInterval(ticking));
    this.refresher.touch();
  }

  followAsset(id: AssetId, tell: (view: AssetView | null) => void): () => void {
    const view = assetView(this.home, id);
    const followed = { id, tell, text: JSON.stringify(view) };
    this.#assets.add(followed);
    tell(view);
    return () => void this.#assets.delete(followed);
  }

  /** Removes everything from this browser; refuses while something is here alone. */
  async leave({ evenIfAtRisk }: { readonly evenIfAtRisk: boolean }): Promise<Result<{ readonly left: true } | { readonly left: false; readonly atRisk: AtRisk }>> {
    const atRisk = this.uploads.atRisk();
    if (!evenIfAtRisk && atRisk.items + atRisk.changes > 0) return done({ left: false, atRisk });
    // The session ends first: with its cookie left, the next start would sign in again by itself.
    const ended = await this.desk.endSession();
    if (!ended.ok) return ended;
    await this.end();
    await Promise.all([removeDatabase(), removeCatalogueFile(), this.home.store.clear(), removePictures(), removeDownloads()]);
    setTimeout(this.#giveUp);
    return done({ left: true });
  }

  /**
   * Sets a damaged database aside: the next leader builds a new one from the server. What was not sent
   * yet is in the store of files, and is taken over from there.
   */
  async rebuild(): Promise<Result<never>> {
    await this.end();
    await Promise.all([removeDatabase(), removeCatalogueFile()]);
    setTimeout(this.#giveUp);
    return failed('local_database_corrupt', { detail: 'it is being built anew' });
  }

  async end(): Promise<void> {
    this.#ended.abort();
    this.#stopListening?.();
    this.refresher.end();
    await this.#running;
    this.home.close();
  }

  async #run(): Promise<void> {
    const { engine, ports } = this.home;
    // The page asks for what it shows when it knows who is signed in, and draws it; what the engine begins with takes this thread.
    const { shown } = this.collections;
    if (await this.#isWithin(SHOWN_WITHIN_MS, shown)) await this.#isWithin(DRAWN_WITHIN_MS, this.home.drawn);
    await ports.clock.sleep(0, this.signal);
    if (this.signal.aborted) return;
    // Where it cannot be loaded, whoever needs it is told.
    const loading = setTimeout(() => void loadPositions().catch(() => undefined), PLACING_AFTER_MS);
    this.signal.addEventListener('abort', () => clearTimeout(loading));
    await this.uploads.begin();
    while (!this.signal.aborted) {
      try {
        await engine.run({ until: 'stopped', signal: this.signal, onStep: () => this.refresher.touch() });
      } catch (error) {
        // The room for this site's data is used up: nothing was lost, and it goes on when there is room.
        if (!(error instanceof DriverFull)) throw error;
        await ports.clock.sleep(FULL_RETRY_MS, this.signal);
      }
    }
  }

  async #isWithin(ms: number, awaited: Promise<void>): Promise<boolean> {
    const waited = new AbortController();
    const late = this.home.ports.clock.sleep(ms, AbortSignal.any([this.signal, waited.signal])).then(() => false);
    const isThere = await Promise.race([awaited.then(() => true), late]);
    waited.abort();
    return isThere;
  }

  /** Holds the stream of events while somebody is signed in. */
  #listen(): void {
    const { engine, server } = this.home;
    const wanted = engine.isSignedIn() && engine.identity() !== null && !this.signal.aborted;
    if (!wanted) {
      this.#stopListening?.();
      this.#stopListening = null;
      return;
    }
    this.#stopListening ??= listenForHeads(server, {
      onHead: () => engine.serverHasNews(true),
      onPlan: () => engine.planHasNews(),
      onOpen: () => {
        engine.planHasNews();
        engine.serverHasNews(true);
      },
      onBroken: () => engine.serverHasNews(false),
      onDevice: (event) => {
        if (event.changed === 'settings' && event.device === engine.identity()?.device.id) engine.settingsChanged(event);
        this.devices.changed();
      },
    });
  }

  #refreshAssets(): void {
    for (const followed of this.#assets) {
      const view = assetView(this.home, followed.id);
      const text = JSON.stringify(view);
      if (text === followed.text) continue;
      followed.text = text;
      followed.tell(view);
    }
  }
}

async function removePictures(): Promise<void> {
  if (typeof caches === 'undefined') return;
  for (const name of ['everroll-thumb', 'everroll-preview']) await caches.delete(name);
}
