import type { AssetId, Evidence, ReasonCode, ResourceRole, Sha256 } from '@everroll/protocol';
import { readHolds } from '../holds/holds.ts';
import type { Driver } from '../ports/driver.ts';
import { ofAsset } from '../replica/originals.ts';

/** Where the bytes of one file of a photo are, as far as this device knows. */
export interface Whereabouts {
  readonly role: ResourceRole;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  /** The server holds them, verified: its log has the photo. False: the photo's addition is still under way, or the server lost them. */
  readonly onServer: boolean;
  /** Since when this device knows that the server lost them; a device that has them sends them again. */
  readonly lostSince: number | null;
  /** Files of this device that have these bytes. */
  readonly here: readonly { readonly source: string; readonly localId: string }[];
  /** Pictures in the library folder that stand for them. */
  readonly previews: readonly { readonly source: string; readonly localId: string }[];
  /** The library folder lacks them and fetches them; `reason` is why they wait. */
  readonly wanted: { readonly reason: { readonly code: ReasonCode; readonly since: number | null; readonly evidence: Evidence } | null; readonly attempts: number; readonly nextAt: number | null } | null;
}

export function whereabouts(driver: Driver, assetId: AssetId, now: number): Whereabouts[] {
  const committed = driver.prepare('SELECT seq FROM entity WHERE key = ?').get(`asset:${assetId}`);
  const onServer = Number(committed?.['seq'] ?? 0) > 0;
  const hold = readHolds(driver).find(({ lane }) => lane === 'server' || lane === 'download');
  return driver
    .prepare(`SELECT * FROM original WHERE ${ofAsset()} ORDER BY ordinal`)
    .all(assetId)
    .map((row) => {
      const sha256 = String(row['sha256']) as Sha256;
      const lost = driver.prepare('SELECT min(since) AS since FROM wanted WHERE sha256 = ?').get(sha256)?.['since'];
      const lostSince = typeof lost === 'number' ? lost : null;
      const own = lostSince !== null ? { code: 'bit_rot' as const, since: lostSince, evidence: {} } : row['code'] === null ? null : { code: row['code'] as ReasonCode, since: Number(row['since']), evidence: JSON.parse(String(row['evidence'] ?? '{}')) as Evidence };
      const held = hold === undefined ? null : { code: hold.code, since: hold.since, evidence: hold.evidence };
      const nextAt = Number(row['next_at']);
      return {
        role: row['role'] as ResourceRole,
        name: String(row['name']),
        bytes: Number(row['bytes']),
        sha256,
        onServer: onServer && lostSince === null,
        lostSince,
        here: driver
          .prepare("SELECT location, local_id FROM item JOIN source ON source.id = item.source_id WHERE sha256 = ? AND preview = 0 AND stage NOT IN ('vanished', 'missing') AND instr(local_id, char(0)) = 0")
          .all(sha256)
          .map((file) => ({ source: String(file['location']), localId: String(file['local_id']) })),
        previews: driver
          .prepare("SELECT location, local_id FROM item JOIN source ON source.id = item.source_id WHERE sha256 = ? AND stage = 'evicted'")
          .all(sha256)
          .map((file) => ({ source: String(file['location']), localId: String(file['local_id']) })),
        wanted: row['need'] === 1 ? { reason: own ?? held, attempts: Number(row['attempts']), nextAt: nextAt > now ? nextAt : (hold?.nextAt ?? null) } : null,
      };
    });
}
