import { DriverFull } from '@everroll/engine';
import { reasons } from '@everroll/protocol';
import { examineByItself } from '../doctor/by-itself.ts';
import { listenForHeads } from '../ports/http/head-events.ts';
import { type Watching, watchFolder } from '../ports/watcher.ts';
import type { Device } from './device.ts';

/** Other processes (the command line) write into the database; looking costs some microseconds. */
const LOOK_MS = 200;
/** How soon a full disk is looked at again. */
const FULL_RETRY_MS = 15_000;

/** Works until nothing more can be done. */
export async function runUntilIdle(device: Device, signal: AbortSignal): Promise<void> {
  const { engine, surroundings } = device;
  await surroundings.first();
  // Nobody has listened to the server's events: the plan may have room by now.
  engine.planHasNews();
  const ended = new AbortController();
  const looking = surroundings.watch(() => engine.wake(), AbortSignal.any([signal, ended.signal]));
  try {
    await engine.run({ until: 'idle', signal });
  } finally {
    ended.abort();
    await looking;
  }
}

/** Stays: the folders are watched, the server's events are listened to, and what other processes and the system change is seen. */
export async function runUntilStopped(device: Device, signal: AbortSignal): Promise<void> {
  const { engine, ports, connection, surroundings } = device;
  await surroundings.first();
  const ended = new AbortController();
  const all = AbortSignal.any([signal, ended.signal]);
  const watching = new Map<number, Watching & { location: string }>();

  const watchSources = (): void => {
    const sources = new Map(engine.sources().map((source) => [source.id, source.location]));
    for (const [id, watched] of watching) {
      if (sources.get(id) === watched.location) continue;
      watching.delete(id);
      void watched.stop();
    }
    for (const [id, location] of sources) {
      if (!watching.has(id)) watching.set(id, { location, ...watchFolder(location, () => engine.rescan(id)) });
    }
  };
  const look = lookForChanges(device, () => {
    watchSources();
    engine.wake();
  });
  watchSources();
  const examining = examineByItself(device, all, device.stallMs);
  const listening = listenForHeads(
    connection,
    {
      onHead: () => engine.serverHasNews(true),
      onPlan: () => engine.planHasNews(),
      onDevice: (event) => {
        if (event.changed === 'settings' && event.device === engine.identity()?.device.id) engine.settingsChanged(event);
      },
      onUnknown: () => {
        engine.planHasNews();
        engine.serverHasNews(false);
      },
      sleep: (ms, until) => ports.clock.sleep(ms, until),
      fraction: () => ports.random.fraction(),
    },
    all,
  );
  const looking = surroundings.watch(() => engine.wake(), all);
  try {
    for (;;) {
      try {
        await engine.run({ until: 'stopped', signal: all });
        break;
      } catch (error) {
        // The disk of the device's own database is full: nothing was lost, and it goes on when there is room.
        if (!(error instanceof DriverFull)) throw error;
        process.stderr.write(`${reasons.device_full.sentence}\n`);
        await ports.clock.sleep(FULL_RETRY_MS, all);
      }
    }
  } finally {
    ended.abort();
    clearInterval(look);
    await Promise.all([listening, looking, examining, ...[...watching.values()].map((watched) => watched.stop())]);
  }
}

/** Calls back when another connection has committed to the device's database. */
function lookForChanges({ ports }: Device, onChange: () => void): NodeJS.Timeout {
  const version = (): unknown => ports.driver.prepare('PRAGMA data_version').get()?.['data_version'];
  let seen = version();
  return setInterval(() => {
    const now = version();
    if (now === seen) return;
    seen = now;
    onChange();
  }, LOOK_MS);
}
