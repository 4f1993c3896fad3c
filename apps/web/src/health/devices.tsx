import { Ellipsis, Globe, Laptop, LogOut, Pencil, Smartphone } from 'lucide-react';
import type { Device } from '@everroll/protocol';
import { type ReactNode, useCallback, useState } from 'react';
import { useAsked } from '../app/asked.ts';
import { useDevice } from '../app/device-context.tsx';
import { NameDialog } from '../albums/name-dialog.tsx';
import type { DeviceSummary, Result } from '../device/contract.ts';
import { formatAgo, formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Confirmation } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { JoinDevice } from './join-device.tsx';

const words = strings.health;
const signs: Readonly<Record<Device['kind'], ReactNode>> = { agent: <Laptop aria-hidden="true" />, browser: <Globe aria-hidden="true" />, phone: <Smartphone aria-hidden="true" /> };

/** All devices of the account, as the server knows them. */
export function Devices(): ReactNode {
  const { health } = useDevice();
  const { asked, again } = useAsked(useCallback(() => health.devices(), [health]));
  const [renaming, setRenaming] = useState<Device | null>(null);
  const [leaving, setLeaving] = useState<Device | null>(null);
  const [failed, setFailed] = useState<Extract<Result<void>, { ok: false }> | null>(null);
  const then = (result: Result<void>): void => {
    setFailed(result.ok ? null : result);
    again();
  };
  return (
    <section>
      <div className="section-head">
        <h2>{words.devices}</h2>
        <JoinDevice />
      </div>
      {failed && <Problem failure={failed.failure} />}
      {asked.state === 'loading' && <Loading />}
      {asked.state === 'failed' && <Problem failure={asked.failure} />}
      {asked.state === 'here' && (
        <ul className="items">
          {asked.value.map((summary) => (
            <DeviceRow key={summary.device.id} summary={summary} onRename={() => setRenaming(summary.device)} onSignOut={() => setLeaving(summary.device)} />
          ))}
        </ul>
      )}
      <NameDialog
        key={renaming?.id ?? ''}
        title={words.renameDevice}
        label={words.deviceName}
        action={strings.actions.save}
        initial={renaming?.name ?? ''}
        isOpen={renaming !== null}
        onClose={() => setRenaming(null)}
        onName={(name) => renaming && void health.renameDevice(renaming.id, name).then(then)}
      />
      <Confirmation
        title={words.signOutDeviceTitle(leaving?.name ?? '')}
        text={words.signOutDeviceText}
        action={words.signOutDevice}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={() => leaving && void health.signOutDevice(leaving.id).then(then)}
      />
    </section>
  );
}

interface DeviceRowProps {
  readonly summary: DeviceSummary;
  readonly onRename: () => void;
  readonly onSignOut: () => void;
}

function DeviceRow({ summary: { device, status }, onRename, onSignOut }: DeviceRowProps): ReactNode {
  const state = status === null ? null : status.items.found === status.items.verified ? words.allSaved : words.verifiedOf(formatNumber(status.items.verified), formatNumber(status.items.found));
  return (
    <li>
      <span className="sign">{signs[device.kind]}</span>
      <span className="words">
        <strong>{device.name}</strong>
        <span>{[device.current ? words.thisDevice : words.lastSeen(formatAgo(device.lastSeenAt, Date.now())), state].filter((part) => part !== null).join(' · ')}</span>
      </span>
      <Menu
        label={device.name}
        entries={[
          { id: 'rename', label: words.renameDevice, icon: <Pencil />, onAction: onRename },
          ...(device.current ? [] : [{ id: 'sign-out', label: words.signOutDevice, icon: <LogOut />, isDangerous: true, onAction: onSignOut }]),
        ]}
        trigger={
          <IconButton label={`${strings.actions.more}: ${device.name}`}>
            <Ellipsis />
          </IconButton>
        }
      />
    </li>
  );
}
