import { FileQuestion } from 'lucide-react';
import { reasons } from '@everroll/protocol';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import type { Failure, Found, Missed, Sought } from '../device/contract.ts';
import { formatAgo } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { sentenceOf, unsavedOf, wordsOf } from './device-words.ts';
import { useDevices } from './devices.tsx';

const words = strings.health;

type State = { readonly is: 'idle' } | { readonly is: 'looking' } | { readonly is: 'failed'; readonly failure: Failure } | { readonly is: 'here'; readonly sought: Sought };

/** "Why is this photo not here?": by its file, whatever it is called now, or by a part of its name. */
export function SeekPhoto(): ReactNode {
  const { health } = useDevice();
  const file = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [state, setState] = useState<State>({ is: 'idle' });
  const round = useRef(0);
  const seek = (missed: Missed): void => {
    round.current += 1;
    const own = round.current;
    setState({ is: 'looking' });
    void health.seek(missed).then((answer) => {
      if (own === round.current) setState(answer.ok ? { is: 'here', sought: answer.value } : { is: 'failed', failure: answer.failure });
    });
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') seek({ name });
  };
  const onFile = (input: HTMLInputElement): void => {
    const [chosen] = input.files ?? [];
    if (chosen) {
      setName(chosen.name);
      seek({ file: chosen });
    }
    input.value = '';
  };
  return (
    <section>
      <h2>{words.seek}</h2>
      <p className="quiet-text">{words.seekText}</p>
      <form className="seek" onSubmit={onSubmit}>
        <Field label={words.seekName} placeholder="IMG_1234" value={name} onChange={setName} />
        <Button type="submit" isDisabled={name.trim() === ''}>
          {words.seekAct}
        </Button>
        <Button onPress={() => file.current?.click()}>{words.seekFile}</Button>
        <input ref={file} type="file" hidden aria-label={words.seekFile} onChange={(event) => onFile(event.target)} />
      </form>
      <div aria-live="polite">
        {state.is === 'looking' && <Loading />}
        {state.is === 'failed' && <Problem failure={state.failure} />}
        {state.is === 'here' && <Answer sought={state.sought} />}
      </div>
    </section>
  );
}

function Answer({ sought: { found, waiting } }: { readonly sought: Sought }): ReactNode {
  if (found.length + waiting.length === 0) return <NotHere />;
  return (
    <ul className="items">
      {found.map((one) => (
        <FoundRow key={one.asset} found={one} />
      ))}
      {waiting.map((item) => (
        <li key={item.itemId}>
          <span className="sign">
            <FileQuestion aria-hidden="true" />
          </span>
          <span className="words">
            <strong>{item.name}</strong>
            {item.reason && <span>{reasons[item.reason.code].sentence}</span>}
            {item.nextAt !== null && <span className="figures">{words.nextTry(formatAgo(item.nextAt, Date.now()))}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const pageOf = ({ asset, place }: Found): string | null => ({ timeline: `/?photo=${asset}`, archive: `/archive?photo=${asset}`, hidden: '/hidden', deleted: `/deleted?photo=${asset}`, purged: null })[place];

function FoundRow({ found }: { readonly found: Found }): ReactNode {
  const { asset, name, shown, place, onServer, purgedAt, reason } = found;
  const href = pageOf(found);
  // What is hidden shows nothing of itself here.
  const isShown = place !== 'hidden' && place !== 'purged';
  return (
    <li>
      <span className="sign">{isShown ? <Picture id={asset} shown={shown} rendition="thumb" onlyHere={!onServer} alt="" /> : <FileQuestion aria-hidden="true" />}</span>
      <span className="words">
        {name !== '' && <strong>{name}</strong>}
        <span>
          {words.seekPlaces[place]}
          {purgedAt !== null && ` ${words.seekGone(formatAgo(purgedAt, Date.now()))}`}
        </span>
        {place !== 'purged' && <span>{onServer ? words.seekVerified : `${words.seekNotYet}${reason === null ? '' : ` ${reasons[reason.code].sentence}`}`}</span>}
      </span>
      {href !== null && (
        <Link className="button small plain" href={href}>
          {words.seekSee}
        </Link>
      )}
    </li>
  );
}

/** Nobody here knows it: what is left are the devices that have something to send. */
function NotHere(): ReactNode {
  const { devices } = useDevices();
  const others = (devices ?? []).filter((device) => !device.current && unsavedOf(device).items > 0);
  return (
    <div className="seek-none">
      <p>{words.seekNone}</p>
      {others.length > 0 && (
        <>
          <p>{words.seekElsewhere}</p>
          <ul>
            {others.map((device) => {
              const { open, reason } = wordsOf(device, Date.now());
              return (
                <li key={device.id}>
                  <strong>{device.name}</strong>: {[...open, ...(reason === null ? [] : [sentenceOf(reason)])].join(' · ')}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}
