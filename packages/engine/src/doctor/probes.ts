import type { CheckResult, Facts, Health, ReasonCode, Session, Usage } from '@everroll/protocol';
import type { Result } from '../ports/failure.ts';

/**
 * What the doctor asks of the world beyond the engine's ports. A host that has no such probe says so
 * with `unknown`; none of them throws for what it finds, each is bounded in time and ends when the
 * signal does.
 */
export interface Probes {
  /** The way to the server, layer by layer, as far as it goes. */
  connection(signal: AbortSignal): Promise<Probed<ConnectionReport>>;
  session(signal: AbortSignal): Promise<Result<Session>>;
  health(signal: AbortSignal): Promise<Result<{ readonly health: Health; readonly clockDifferenceMs: number }>>;
  usage(signal: AbortSignal): Promise<Result<Usage>>;
  /** What the server says of its own health. */
  server(signal: AbortSignal): Promise<Result<readonly CheckResult[]>>;
  disks(): Promise<Probed<readonly Disk[]>>;
  /** Whether a process runs the engine of this device now. */
  isRunning(): boolean;
}

export type Probed<T> =
  | { readonly known: true; readonly value: T }
  /** `why` is a sentence without names. */
  | { readonly known: false; readonly why: string };

export const layerNames = ['interface', 'gateway', 'dns', 'tcp', 'tls', 'health', 'session', 'echo', 'outside'] as const;
export type LayerName = (typeof layerNames)[number];

export interface Layer {
  readonly layer: LayerName;
  /** `skipped`: there is no such layer on this way; `unknown`: this machine cannot tell, or it was not reached. */
  readonly outcome: 'ok' | 'failed' | 'skipped' | 'unknown';
  readonly ms: number;
  /** Of a layer that failed. */
  readonly code: ReasonCode | null;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly names: Readonly<Record<string, string>>;
}

export interface ConnectionReport {
  readonly layers: readonly Layer[];
}

export interface Disk {
  readonly holds: 'database' | 'library_folder';
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export const factsOfLayers = (layers: readonly Layer[]): Facts => ({
  layers: layers.map(({ layer, outcome, ms, code, facts }) => ({ layer, outcome, ms: Math.round(ms), ...(code === null ? {} : { code }), ...facts })),
});
