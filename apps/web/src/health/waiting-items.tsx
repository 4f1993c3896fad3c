import { FileQuestion } from 'lucide-react';
import type { Why } from '@everroll/engine';
import { reasons } from '@everroll/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { formatAgo, formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';

const SHOWN = 50;
const words = strings.health;

/** What is not verified on this device, each with its reason, the tries so far and the next. */
export function WaitingItems(): ReactNode {
  const { health } = useDevice();
  const status = useWatched(health.status);
  const [items, setItems] = useState<readonly Why[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void health.waiting(0, SHOWN).then((now) => isCurrent && setItems(now));
    return () => {
      isCurrent = false;
    };
  }, [health, status]);
  return (
    <section>
      <h2>{words.waitingItems}</h2>
      {items.length === 0 ? (
        <p className="quiet-text">{words.waitingNone}</p>
      ) : (
        <ul className="items">
          {items.map((item) => (
            <li key={item.itemId}>
              <span className="sign">{item.assetId === null ? <FileQuestion aria-hidden="true" /> : <Picture id={item.assetId} shown="" rendition="thumb" onlyHere alt="" />}</span>
              <span className="words">
                <strong>{item.name}</strong>
                {item.reason && <span>{reasons[item.reason.code].sentence}</span>}
                <span className="figures">{facts(item)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function facts(item: Why): string {
  const now = Date.now();
  return [formatBytes(item.bytes), item.reason && words.since(formatAgo(item.reason.since, now)), item.attempts > 0 && words.tried(item.attempts), item.nextAt !== null && words.nextTry(formatAgo(item.nextAt, now))]
    .filter((part) => typeof part === 'string')
    .join(' · ');
}
