import { arch, platform, release } from 'node:os';
import type { JournalEvent, StatusReason } from '@everroll/engine';
import { type CheckResult, PRODUCT_VERSION, PROTOCOL } from '@everroll/protocol';
import type { Device } from '../device/device.ts';

/**
 * What a person may show to someone who helps (PRODUCT section 2): checks, settings, versions, events,
 * items by code. It is put together from numbers and codes; there is no step that takes names out
 * again, as none is ever put in.
 */
export interface SupportBundle {
  readonly madeAt: number;
  readonly versions: Readonly<Record<string, string | number>>;
  readonly checks: readonly CheckResult[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
  readonly items: readonly { readonly stage: string; readonly code: string | null; readonly items: number; readonly bytes: number; readonly mostAttempts: number }[];
  readonly sources: readonly { readonly kind: string; readonly state: string | null; readonly items: number; readonly lastScanAt: number | null }[];
  readonly events: readonly JournalEvent[];
}

export function supportBundle({ engine }: Device, results: readonly CheckResult[], now: number): SupportBundle {
  const status = engine.status();
  return {
    madeAt: now,
    versions: { program: PRODUCT_VERSION, protocolMin: PROTOCOL.min, protocolMax: PROTOCOL.max, database: engine.databaseVersion(), node: process.versions.node, system: platform(), release: release(), machine: arch() },
    checks: results.map((result) => ({ ...result, evidence: { facts: result.evidence.facts, private: {} } })),
    settings: engine.settings(),
    conditions: { ...engine.conditions() },
    state: {
      signedIn: engine.isSignedIn(),
      items: status.items,
      bytes: status.bytes,
      atRisk: status.atRisk,
      reasons: status.reasons.map(withoutNames),
      downloads: status.downloads,
      pendingChanges: status.pendingChanges,
      rejectedChanges: status.rejectedChanges.map(({ code, at }) => ({ code, at })),
      parkedEntries: status.parkedEntries,
      position: status.cursor?.seq ?? null,
      head: status.head,
    },
    items: engine.itemsByCode(),
    sources: engine.sources().map(({ kind, state, items, lastScanAt }) => ({ kind, state, items, lastScanAt })),
    events: engine.events(),
  };
}

function withoutNames({ evidence: { detail: _detail, epoch: _epoch, ...numbers }, ...reason }: StatusReason): Record<string, unknown> {
  return { ...reason, evidence: numbers };
}

/** What stands in it, in a few lines, for whoever is asked whether it may be saved. */
export function describeBundle(bundle: SupportBundle): string[] {
  const verdicts = ['ok', 'warn', 'fail', 'unknown'].map((verdict) => `${bundle.checks.filter((check) => check.verdict === verdict).length} ${verdict}`).join(', ');
  return [
    `checks       ${bundle.checks.length}: ${verdicts}`,
    `versions     ${Object.entries(bundle.versions).map(([name, value]) => `${name} ${value}`).join(', ')}`,
    `settings     ${Object.keys(bundle.settings).join(', ')}`,
    `conditions   ${Object.keys(bundle.conditions).join(', ')}`,
    `items        ${bundle.items.map(({ stage, code, items }) => `${items} ${stage}${code === null ? '' : ` (${code})`}`).join(', ') || 'none'}`,
    `sources      ${bundle.sources.length}, without their places`,
    `events       ${bundle.events.length}: effects begun and ended, with codes and times`,
    'not in it    images, names, places, addresses, e-mail, passwords, tokens',
  ];
}
