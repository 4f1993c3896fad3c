import { readMeta } from '../database/meta.ts';
import { hasUnsentSettings } from '../devices/settings.ts';
import type { Draft } from './draft.ts';
import { REPORT_KEY } from './effect.ts';

/** What is to be said to the other devices of the account, or heard from them. */
export interface DeviceNews {
  /** The server may hold other settings for this device. */
  readonly settingsWanted: boolean;
  /** It is time to look at what there is to say. */
  readonly reportDue: boolean;
}

/**
 * Settings and reports. They go on while sync is off or paused, or nobody could switch it on from
 * another device; a connection that must carry nothing does not carry these either.
 */
export function planSettings(draft: Draft, { settingsWanted }: DeviceNews): void {
  if (!draft.mayBegin('metadata')) return;
  const { version } = readMeta(draft.driver, 'settingsSync');
  const isWanted = settingsWanted || version === null || hasUnsentSettings(draft.driver);
  if (isWanted && draft.room('settings') > 0 && draft.gate(['server', 'settings']) !== 'shut') draft.add({ do: 'settings', key: 'settings:' });
}

/** Last of all: where one call may try whether the server is back, it is not this one. */
export function planReport(draft: Draft, { reportDue }: DeviceNews): void {
  if (reportDue && draft.limits.metadata.upTo > 0 && draft.room('report') > 0 && draft.mayReport()) draft.add({ do: 'report', key: REPORT_KEY });
}
