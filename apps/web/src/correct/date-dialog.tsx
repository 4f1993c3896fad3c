import type { Asset, AssetId } from '@everroll/protocol';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { useChange } from '../changes/use-change.ts';
import type { Change } from '../device/contract.ts';
import { formatClock, formatOffset, formatWallDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import './correct.css';
import { captureOf, OFFSETS, type Shift, shiftMs, type WallTime, wallTimeOf } from './wall-time.ts';

export interface CorrectionProps {
  readonly assets: readonly AssetId[];
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

/** Corrects when photos were taken: one is set, many are set or moved by what their camera's clock was wrong. */
export function DateDialog({ assets, onClose, onDone }: CorrectionProps): ReactNode {
  const first = useFirst(assets);
  return (
    <Dialog title={strings.correct.dateTitle(assets.length)} isOpen onClose={onClose}>
      {first && <DateForm key={first.id} assets={assets} first={first} onClose={onClose} {...(onDone && { onDone })} />}
    </Dialog>
  );
}

/** The photo that the form begins with. */
export function useFirst(assets: readonly AssetId[]): Asset | null {
  const device = useDevice();
  const [first, setFirst] = useState<Asset | null>(null);
  const id = assets[0];
  useEffect(() => {
    let isHere = true;
    if (id !== undefined) void device.assets.get(id).then((view) => isHere && setFirst(view?.asset ?? null));
    return () => {
      isHere = false;
    };
  }, [device, id]);
  return first;
}

function DateForm({ assets, first, onClose, onDone }: CorrectionProps & { readonly first: Asset }): ReactNode {
  const words = strings.correct;
  const change = useChange();
  const isMany = assets.length > 1;
  const [way, setWay] = useState<'shift' | 'set'>(isMany ? 'shift' : 'set');
  const [wall, setWall] = useState<WallTime>(() => wallTimeOf(first.capture));
  const [shift, setShift] = useState<Shift>({ isLater: true, days: 0, hours: 0, minutes: 0, seconds: 0 });
  const capture = captureOf(wall, isMany ? 0 : ((first.capture.at % 1000) + 1000) % 1000);
  const byMs = shiftMs(shift);
  const make = (made: Change): void => {
    onClose();
    void change(made, words.dated).then(() => onDone?.());
  };
  const isReady = way === 'shift' ? byMs !== 0 : capture !== null;
  const own = first.asTaken?.capture;
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (way === 'shift' && byMs !== 0) make({ do: 'shift_capture', assets, byMs });
        else if (way === 'set' && capture !== null) make({ do: 'capture', assets, capture });
      }}
    >
      {isMany && <Segmented label={words.way} choices={[{ id: 'shift', label: words.shift }, { id: 'set', label: words.set }]} chosen={way} onChange={setWay} />}
      {way === 'set' ? <WallFields wall={wall} onChange={setWall} /> : <ShiftFields shift={shift} onChange={setShift} />}
      {way === 'shift' && (
        <p className="outcome figures" aria-live="polite">
          {words.firstBecomes}{' '}
          <strong>{moment(first.capture.at + byMs, first.capture.offsetMinutes)}</strong>
        </p>
      )}
      {way === 'set' && isMany && <p className="lead">{words.setMany(assets.length)}</p>}
      <div className="actions">
        {(isMany || (own !== undefined && (own.at !== first.capture.at || own.offsetMinutes !== first.capture.offsetMinutes))) && (
          <Button look="quiet" onPress={() => make({ do: 'own_capture', assets })}>
            {own === undefined || isMany ? words.revertDates : words.revertDate(moment(own.at, own.offsetMinutes))}
          </Button>
        )}
        <Button onPress={onClose}>{strings.actions.cancel}</Button>
        <Button type="submit" look="primary" isDisabled={!isReady}>
          {strings.actions.save}
        </Button>
      </div>
    </form>
  );
}

function moment(at: number, offsetMinutes: number | null): string {
  const wallMs = at + (offsetMinutes ?? 0) * 60_000;
  return `${formatWallDay(wallMs)}, ${formatClock(wallMs)}`;
}

function WallFields({ wall, onChange }: { readonly wall: WallTime; readonly onChange: (wall: WallTime) => void }): ReactNode {
  const words = strings.correct;
  const zone = useId();
  // A file may say an offset that no clock has.
  const offsets = wall.offsetMinutes === null || OFFSETS.includes(wall.offsetMinutes) ? OFFSETS : [wall.offsetMinutes, ...OFFSETS];
  return (
    <div className="fields">
      <Field label={strings.viewer.date} type="date" value={wall.day} onChange={(day) => onChange({ ...wall, day })} autoFocus />
      <TimeField label={strings.viewer.time} value={wall.time} onChange={(time) => onChange({ ...wall, time })} />
      <div className="field">
        <label htmlFor={zone}>{words.zone}</label>
        <select id={zone} className="input figures" value={wall.offsetMinutes ?? ''} onChange={(event) => onChange({ ...wall, offsetMinutes: event.target.value === '' ? null : Number(event.target.value) })}>
          <option value="">{words.noZone}</option>
          {offsets.map((minutes) => (
            <option key={minutes} value={minutes}>
              {formatOffset(minutes)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** Down to the second, which React Aria's text field cannot ask the browser for. */
function TimeField({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (time: string) => void }): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input figures" type="time" step={1} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

const PARTS = ['days', 'hours', 'minutes', 'seconds'] as const;

function ShiftFields({ shift, onChange }: { readonly shift: Shift; readonly onChange: (shift: Shift) => void }): ReactNode {
  const words = strings.correct;
  return (
    <>
      <Segmented label={words.direction} choices={[{ id: 'later', label: words.later }, { id: 'earlier', label: words.earlier }]} chosen={shift.isLater ? 'later' : 'earlier'} onChange={(way) => onChange({ ...shift, isLater: way === 'later' })} />
      <div className="fields shift">
        {PARTS.map((part) => (
          <Field
            key={part}
            label={words[part]}
            inputMode="numeric"
            value={String(shift[part])}
            onChange={(text) => onChange({ ...shift, [part]: Number.parseInt(text.replaceAll(/\D/g, '').slice(0, 6) || '0', 10) })}
          />
        ))}
      </div>
    </>
  );
}
