import { Ellipsis, Globe, Laptop, LogOut, Pencil, SlidersHorizontal, Smartphone } from 'lucide-react';
import type { DeviceId, DeviceOverview } from '@everroll/protocol';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components/Button';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { NameDialog } from '../albums/name-dialog.tsx';
import type { Failure, Result } from '../device/contract.ts';
import { formatAgo } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Confirmation } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { sentenceOf, wordsOf } from './device-words.ts';
import { JoinDevice } from './join-device.tsx';

const DeviceDialog = lazy(async () => ({ default: (await import('./device-dialog.tsx')).DeviceDialog }));

const words = strings.health;
const signs: Readonly<Record<DeviceOverview['kind'], ReactNode>> = { agent: <Laptop aria-hidden="true" />, browser: <Globe aria-hidden="true" />, phone: <Smartphone aria-hidden="true" /> };

/** The devices of the account, as each last told; what was known stays while the server is not reached. */
export function useDevices(): { readonly devices: readonly DeviceOverview[] | null; readonly failure: Failure | null } {
  const told = useWatched(useDevice().health.devices);
  const [known, setKnown] = useState<readonly DeviceOverview[] | null>(null);
  useEffect(() => {
    if (told?.ok) setKnown(told.value);
  }, [told]);
  return { devices: told?.ok ? told.value : known, failure: told === undefined || told.ok ? null : told.failure };
}

/** All devices of the account: how each stands, what waits on it and why; its switches are a press away. */
export function Devices(): ReactNode {
  const { health } = useDevice();
  const { devices, failure } = useDevices();
  const [open, setOpen] = useState<DeviceId | null>(null);
  const [renaming, setRenaming] = useState<DeviceOverview | null>(null);
  const [leaving, setLeaving] = useState<DeviceOverview | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const then = (result: Result<void>): void => setRefused(result.ok ? null : result.failure);
  const problem = refused ?? failure;
  const opened = devices?.find(({ id }) => id === open);
  return (
    <section>
      <div className="section-head">
        <h2>{words.devices}</h2>
        <JoinDevice />
      </div>
      {problem && <Problem failure={problem} />}
      {devices === null && failure === null && <Loading />}
      {devices !== null && (
        <ul className="items">
          {devices.map((device) => (
            <DeviceRow key={device.id} device={device} onOpen={() => setOpen(device.id)} onRename={() => setRenaming(device)} onSignOut={() => setLeaving(device)} />
          ))}
        </ul>
      )}
      {opened && (
        <Suspense fallback={null}>
          <DeviceDialog device={opened} onClose={() => setOpen(null)} />
        </Suspense>
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
  readonly device: DeviceOverview;
  readonly onOpen: () => void;
  readonly onRename: () => void;
  readonly onSignOut: () => void;
}

function DeviceRow({ device, onOpen, onRename, onSignOut }: DeviceRowProps): ReactNode {
  const now = Date.now();
  const { tone, state, open, reason } = wordsOf(device, now);
  return (
    <li className="device">
      <span className={`sign ${tone}`}>{signs[device.kind]}</span>
      <PlainButton className="words" onPress={onOpen}>
        <strong>{device.name}</strong>
        <span>{[device.current ? words.thisDevice : words.lastSeen(formatAgo(device.lastSeenAt, now)), state].join(' · ')}</span>
        {open.length > 0 && <span className="figures">{open.join(' · ')}</span>}
        {reason && <span>{sentenceOf(reason)}</span>}
      </PlainButton>
      <Menu
        label={device.name}
        entries={[
          { id: 'open', label: words.openDevice(device.name), icon: <SlidersHorizontal />, onAction: onOpen },
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
