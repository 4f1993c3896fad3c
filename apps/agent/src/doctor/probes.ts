import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, failed, type Failure, type Probed, type Probes, type Result } from '@everroll/engine';
import { askFor, askHealth, askUsage } from '@everroll/engine/http';
import { ServerDiagnosis } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { readSession } from '../home/session-file.ts';
import { isRunnerLocked } from '../home/runner-lock.ts';
import type { Connection } from '../ports/http/connection.ts';
import { probeConnection } from './probe/probe.ts';

/** No answer to the doctor is waited for longer than this; nothing it asks is large. */
const ANSWER_MAX_MS = 5_000;
/** The server reads its whole database for its answer, where nobody has asked of late. */
const DIAGNOSIS_MAX_MS = 30_000;

/** The doctor's questions to the world, for one device. */
export function probesOf(device: Device): Probes {
  const { connection, home, engine, ports } = device;
  const ask = <T>(signal: AbortSignal, question: (connection: Connection, signal: AbortSignal) => Promise<Result<T>>, maxMs = ANSWER_MAX_MS): Promise<Result<T>> =>
    withinTime(signal, maxMs, (within) => question(connection, within));
  return {
    connection: (signal) => {
      const session = readSession(home.session);
      return probeConnection(session?.token ? { url: session.server, token: session.token } : null, engine.outsideAddress(), signal);
    },
    session: (signal) => withinTime(signal, ANSWER_MAX_MS, (within) => ports.server.session(within)),
    health: (signal) =>
      ask(signal, async (to, within) => {
        const asked = ports.clock.now();
        const health = await askHealth(to, within);
        // The server's clock was read about half-way between the question and the answer.
        return health.ok ? { ok: true, value: { health: health.value, clockDifferenceMs: health.value.time - (asked + ports.clock.now()) / 2 } } : health;
      }),
    usage: (signal) => ask(signal, askUsage),
    server: (signal) =>
      ask(
        signal,
        async (to, within) => {
          const answer = await askFor(to, ServerDiagnosis, { method: 'GET', path: '/api/v1/doctor', signal: within });
          return answer.ok ? { ok: true, value: answer.value.results } : answer;
        },
        DIAGNOSIS_MAX_MS,
      ),
    disks: () => disksOf(device),
    isRunning: () => isRunnerLocked(home.runner),
  };
}

async function withinTime<T>(signal: AbortSignal, ms: number, body: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>> {
  const late: Failure = { code: 'server_unreachable', evidence: { detail: `no answer within ${ms / 1000} s` } };
  const within = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  try {
    return await body(within);
  } catch (error) {
    signal.throwIfAborted();
    if (within.aborted) return failed(late.code, late.evidence);
    throw error;
  }
}

async function disksOf({ home, engine }: Device): Promise<Probed<readonly Disk[]>> {
  const folder = engine.sources().find(({ kind }) => kind === 'folder');
  try {
    const disks = [await diskOf('database', dirname(home.database))];
    // One that is unmounted is told by the check of the settings.
    if (folder !== undefined) disks.push(...(await diskOf('library_folder', folder.location).then((disk) => [disk], () => [])));
    return { known: true, value: disks };
  } catch {
    return { known: false, why: 'The system does not tell how much room its disks have.' };
  }
}

async function diskOf(holds: Disk['holds'], path: string): Promise<Disk> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { holds, path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
