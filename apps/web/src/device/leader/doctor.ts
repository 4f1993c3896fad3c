import { applyFix, diagnose, failed, type Failure, type Layer, type Probes, type Result, done } from '@everroll/engine';
import { askEcho, askFor, askHealth, askUsage, type EchoFinding } from '@everroll/engine/http';
import { type CheckName, type CheckResult, type FixAction, PRODUCT_VERSION, PROTOCOL, ServerDiagnosis } from '@everroll/protocol';
import type { Home } from './home.ts';

/** No answer to the doctor is waited for longer than this; nothing it asks is large. */
const ANSWER_MAX_MS = 5_000;
/** The server reads its whole database for its answer, where nobody has asked of late. */
const DIAGNOSIS_MAX_MS = 30_000;

/** The doctor's questions to the world, from a browser: of the layers of a connection it sees the uppermost alone. */
function probesOf({ connection, engine, ports }: Home): Probes {
  return {
    connection: async (signal) => ({ known: true, value: { layers: await layersOf(signal) } }),
    session: (signal) => withinTime(signal, ANSWER_MAX_MS, (within) => ports.server.session(within)),
    health: (signal) =>
      withinTime(signal, ANSWER_MAX_MS, async (within) => {
        const asked = ports.clock.now();
        const health = await askHealth(connection, within);
        // The server's clock was read about half-way between the question and the answer.
        return health.ok ? done({ health: health.value, clockDifferenceMs: health.value.time - (asked + ports.clock.now()) / 2 }) : health;
      }),
    usage: (signal) => withinTime(signal, ANSWER_MAX_MS, (within) => askUsage(connection, within)),
    server: (signal) =>
      withinTime(signal, DIAGNOSIS_MAX_MS, async (within) => {
        const answer = await askFor(connection, ServerDiagnosis, { method: 'GET', path: '/api/v1/doctor', signal: within });
        return answer.ok ? done(answer.value.results) : answer;
      }),
    async disks() {
      const { usage, quota } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
      if (usage === undefined || quota === undefined) return { known: false, why: 'The browser does not tell how much room it gives to this site.' };
      return { known: true, value: [{ holds: 'database', path: engine.identity()?.server ?? '', freeBytes: quota - usage, totalBytes: quota }] };
    },
    isRunning: () => true,
  };

  async function layersOf(signal: AbortSignal): Promise<readonly Layer[]> {
    const { online } = ports.conditions();
    const layers: Layer[] = [{ ...unseen('interface'), outcome: online === false ? 'failed' : 'ok', code: online === false ? 'offline' : null }];
    layers.push(...(['gateway', 'dns', 'tcp', 'tls'] as const).map(unseen));
    const questions = [
      ['health', (within) => askHealth(connection, within)],
      ['session', (within) => ports.server.session(within)],
      ['echo', (within) => askEcho(connection, within)],
    ] satisfies readonly (readonly [Layer['layer'], (within: AbortSignal) => Promise<Result<unknown> | EchoFinding>])[];
    for (const [name, ask] of questions) {
      const begun = ports.clock.now();
      // oxlint-disable-next-line no-await-in-loop -- each only where the one before it holds
      const answer = await withinTime(signal, ANSWER_MAX_MS, async (within) => done(readingOf(await ask(within))));
      const found = answer.ok ? answer.value : readingOf(answer);
      layers.push({ ...unseen(name), ...found, outcome: found.code === null ? 'ok' : 'failed', ms: ports.clock.now() - begun });
      if (found.code !== null) break;
    }
    return layers;
  }
}

export async function runDoctor(home: Home, signal: AbortSignal, onResult: (result: CheckResult) => void, only?: readonly CheckName[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of diagnose(home.ports, probesOf(home), { signal, ...(only !== undefined && { only }) })) {
    results.push(result);
    onResult(result);
  }
  return results;
}

/** Does one thing about a finding, then looks again. `rebuild_database` is the host's, as it alone can open another one. */
export async function fix(home: Home, action: Exclude<FixAction, 'rebuild_database'>, retest: readonly CheckName[], signal: AbortSignal): Promise<Result<{ readonly results: readonly CheckResult[] }>> {
  if (action === 'start_sync') home.engine.tryNow();
  else {
    const applied = applyFix(home.engine, action);
    if (!applied.ok) return applied;
  }
  return done({ results: await runDoctor(home, signal, () => undefined, retest) });
}

/** Numbers and codes alone: nothing is taken out of it again, as no name is ever put in. */
export async function supportBundle(home: Home, signal: AbortSignal): Promise<{ readonly fileName: string; readonly text: string }> {
  const { engine, ports } = home;
  const results = await runDoctor(home, signal, () => undefined);
  const { items, bytes, atRisk, reasons, pendingChanges, rejectedChanges, parkedEntries, cursor, head } = engine.status();
  const bundle = {
    madeAt: ports.clock.now(),
    versions: { program: PRODUCT_VERSION, protocolMin: PROTOCOL.min, protocolMax: PROTOCOL.max, database: engine.databaseVersion(), browser: navigator.userAgent },
    checks: results.map((result) => ({ ...result, evidence: { facts: result.evidence.facts, private: {} } })),
    settings: engine.settings(),
    conditions: engine.conditions(),
    state: {
      signedIn: engine.isSignedIn(),
      persisted: home.persisted,
      items,
      bytes,
      atRisk,
      reasons: reasons.map(({ evidence: { detail: _detail, epoch: _epoch, ...numbers }, ...reason }) => ({ ...reason, evidence: numbers })),
      pendingChanges,
      rejectedChanges: rejectedChanges.map(({ code, at }) => ({ code, at })),
      parkedEntries,
      position: cursor?.seq ?? null,
      head,
    },
    items: engine.itemsByCode(),
    sources: engine.sources().map(({ kind, state, items: count, lastScanAt }) => ({ kind, state, items: count, lastScanAt })),
    events: engine.events(),
  };
  return { fileName: `everroll-support-${new Date(bundle.madeAt).toISOString().slice(0, 10)}.json`, text: `${JSON.stringify(bundle, null, 2)}\n` };
}

const unseen = (layer: Layer['layer']): Layer => ({ layer, outcome: 'unknown', ms: 0, code: null, facts: {}, names: {} });

type Reading = Pick<Layer, 'code' | 'facts' | 'names'>;

const readingOf = (found: Result<unknown> | EchoFinding): Reading => {
  if ('facts' in found) return { ...found, names: {} };
  if (found.ok) return { code: null, facts: {}, names: {} };
  const { code, evidence } = found.failure;
  return { code, facts: {}, names: evidence.detail === undefined ? {} : { detail: evidence.detail } };
};

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
