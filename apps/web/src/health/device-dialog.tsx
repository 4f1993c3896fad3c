import type { DeviceOverview, DeviceSettings } from '@everroll/protocol';
import { type ReactNode, useCallback, useState } from 'react';
import { Link } from 'wouter';
import { useAsked } from '../app/asked.ts';
import { useDevice } from '../app/device-context.tsx';
import type { Failure } from '../device/contract.ts';
import { MobileCard } from '../settings/mobile-card.tsx';
import { PowerCard } from '../settings/power-card.tsx';
import '../settings/settings.css';
import { StorageCard } from '../settings/storage-card.tsx';
import { SyncCard } from '../settings/sync-card.tsx';
import { formatAgo, formatBytes, formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { problemsOf, sentenceOf, wordsOf } from './device-words.ts';

const words = strings.health;

/** All that a device told of itself, and its switches, which it obeys wherever they are set. */
export function DeviceDialog({ device, onClose }: { readonly device: DeviceOverview; readonly onClose: () => void }): ReactNode {
  const now = Date.now();
  const { state, open } = wordsOf(device, now);
  const problems = problemsOf(device);
  return (
    <Dialog title={device.name} isOpen onClose={onClose} isWide hasClose>
      <p className="lead">{[state, ...open].join(' · ')}</p>
      {problems.length > 0 && (
        <ul className="device-reasons">
          {problems.map((reason) => (
            <li key={reason.code}>
              <strong>{sentenceOf(reason)}</strong>
              <span className="quiet-text figures">
                {[reason.items > 0 ? words.waitingFor(reason.items, formatBytes(reason.bytes)) : null, words.since(formatAgo(reason.since, now))].filter((part) => part !== null).join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Facts device={device} now={now} />
      {device.current ? (
        <Link href="/settings" onClick={onClose}>
          {words.ownSettings}
        </Link>
      ) : (
        <Switches device={device} />
      )}
    </Dialog>
  );
}

function Facts({ device: { report, lastSeenAt }, now }: { readonly device: DeviceOverview; readonly now: number }): ReactNode {
  const names = words.deviceFacts;
  const facts: (readonly [string, string])[] = [[names.seen, formatAgo(lastSeenAt, now)]];
  if (report !== null) {
    const { items, atRisk, progressAt, behind, storage, versions } = report;
    facts.push(
      [names.items, words.verifiedOf(formatNumber(items.verified), formatNumber(items.found))],
      [names.risk, atRisk.items === 0 ? words.nothing : `${words.riskThere(atRisk.items, formatBytes(atRisk.bytes))}${atRisk.oldest === null ? '' : ` · ${words.oldest(formatAgo(atRisk.oldest, now))}`}`],
      [names.progress, progressAt === null ? words.noProgress : formatAgo(progressAt, now)],
      [names.log, behind === null ? words.isReading : behind === 0 ? words.isCurrent : words.changesBehind(behind)],
      [names.free, storage.freeBytes === null ? words.unknown : formatBytes(storage.freeBytes)],
      [names.version, versions.program],
    );
  }
  return (
    <dl className="device-facts figures">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Switches({ device: { id, kind, standing } }: { readonly device: DeviceOverview }): ReactNode {
  const { health } = useDevice();
  const { asked } = useAsked(useCallback(() => health.settingsOf(id), [health, id]));
  const [changed, setChanged] = useState<DeviceSettings | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (asked.state === 'loading') return <Loading />;
  if (asked.state === 'failed') return <Problem failure={asked.failure} />;
  const settings = changed ?? asked.value;
  const set = (change: Partial<DeviceSettings>): void => {
    // Shown at once; what the server holds then takes its place, also where it refused.
    setChanged({ ...settings, ...change });
    void health.setDevice(id, change).then((result) => {
      setChanged(result.ok ? result.value : settings);
      setFailure(result.ok ? null : result.failure);
    });
  };
  return (
    <div className="settings">
      {failure && <Problem failure={failure} />}
      {(standing === 'away' || standing === 'not_seen') && <p className="quiet-text">{words.obeysLater}</p>}
      <SyncCard settings={settings} set={set} title={words.syncing} isBrowser={kind === 'browser'} />
      <MobileCard settings={settings} set={set} usedBytes={null} />
      <PowerCard settings={settings} set={set} />
      {kind === 'agent' && <StorageCard settings={settings} set={set} />}
    </div>
  );
}
