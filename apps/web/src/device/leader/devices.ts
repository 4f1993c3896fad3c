import { done, type Result } from '@everroll/engine';
import { askDevices, renameDevice, setElsewhere, settingsAt, signOutDevice } from '@everroll/engine/http';
import type { DeviceId, DeviceOverview, DeviceSettings } from '@everroll/protocol';
import type { Home } from './home.ts';

/** Devices that send tell of themselves in quick succession: the list is asked for no more often. */
const AGAIN_MS = 1_000;
/** How one stands changes by silence too, of which no event tells. */
const LOOK_MS = 60_000;

type Devices = Result<readonly DeviceOverview[]>;

/** The devices of the account, asked for while a page looks at them. */
export class AccountDevices {
  readonly #home: Home;
  readonly #signal: AbortSignal;
  readonly #followers = new Set<(devices: Devices) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;

  constructor(home: Home, signal: AbortSignal) {
    this.#home = home;
    this.#signal = signal;
    signal.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  /** @returns ends it. */
  follow(tell: (devices: Devices) => void): () => void {
    this.#followers.add(tell);
    void this.#ask();
    return () => {
      this.#followers.delete(tell);
      if (this.#followers.size === 0) clearTimeout(this.#timer);
    };
  }

  /** One of them said something new. */
  changed(): void {
    if (this.#followers.size > 0) this.#askIn(Math.max(0, this.#askedAt + AGAIN_MS - Date.now()));
  }

  async settingsOf(id: DeviceId): Promise<Result<DeviceSettings>> {
    const { engine, ports } = this.#home;
    if (id === engine.identity()?.device.id) return done(engine.settings());
    const document = await ports.server.settings(id, this.#signal);
    return document.ok ? done(settingsAt(document.value, ports.clock.now())) : document;
  }

  async set(id: DeviceId, change: Partial<DeviceSettings>): Promise<Result<DeviceSettings>> {
    const { engine, ports } = this.#home;
    if (id === engine.identity()?.device.id) {
      // It sends them itself; two writers of one device would not know of each other's changes.
      engine.set(change);
      return done(engine.settings());
    }
    const document = await setElsewhere(ports, id, change, this.#signal);
    return document.ok ? done(settingsAt(document.value, ports.clock.now())) : document;
  }

  async rename(id: DeviceId, name: string): Promise<Result<void>> {
    const renamed = await renameDevice(this.#home.connection, id, name, this.#signal);
    this.changed();
    return renamed.ok ? done(undefined) : renamed;
  }

  async signOut(id: DeviceId): Promise<Result<void>> {
    const ended = await signOutDevice(this.#home.connection, id, this.#signal);
    this.changed();
    return ended;
  }

  #askIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    this.#askedAt = Date.now();
    const { connection, ports } = this.#home;
    const devices = await askDevices(connection, () => ports.clock.now(), this.#signal).catch((error: unknown) => {
      if (this.#signal.aborted) return null;
      throw error;
    });
    if (devices === null) return;
    for (const tell of this.#followers) tell(devices);
    if (this.#followers.size > 0) this.#askIn(LOOK_MS);
  }
}
