import { Ban, CircleAlert, CircleCheck, Clock, LoaderCircle, RotateCcw, Undo2, X } from 'lucide-react';
import { reasons } from '@everroll/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { UploadItem, UploadState } from '../device/contract.ts';
import { formatAgo, formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Bar } from '../ui/progress.tsx';

/** What needs a look stands first, so the first of them are the ones to show. */
const SHOWN = 60;

export function UploadList({ version, total }: { readonly version: number; readonly total: number }): ReactNode {
  const { uploads } = useDevice();
  const [items, setItems] = useState<readonly UploadItem[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void uploads.items(0, SHOWN).then((now) => isCurrent && setItems(now));
    return () => {
      isCurrent = false;
    };
  }, [uploads, version]);
  return (
    <ul className="list" tabIndex={0} aria-label={strings.uploads.title}>
      {items.map((item) => (
        <Row key={item.id} item={item} />
      ))}
      {total > items.length && items.length > 0 && <li className="item">{strings.uploads.more(total - items.length)}</li>}
    </ul>
  );
}

const signs: Readonly<Record<UploadState, ReactNode>> = {
  copying: <LoaderCircle aria-hidden="true" />,
  waiting: <Clock aria-hidden="true" />,
  uploading: <LoaderCircle aria-hidden="true" />,
  verified: <CircleCheck aria-hidden="true" />,
  failed: <CircleAlert aria-hidden="true" />,
  excluded: <Ban aria-hidden="true" />,
};

function Row({ item }: { readonly item: UploadItem }): ReactNode {
  const { uploads } = useDevice();
  const { id, name, state, reason, bytes, doneBytes } = item;
  const isMoving = state === 'copying' || state === 'uploading';
  const next = item.nextAt === null ? '' : ` · ${strings.health.nextTry(formatAgo(item.nextAt, Date.now()))}`;
  return (
    <li className={`item ${state}`}>
      {signs[state]}
      <span className="name" title={item.path}>
        {name}
      </span>
      <small className="figures">{reason === null ? `${strings.uploads.states[state]} · ${formatBytes(bytes)}` : `${reasons[reason.code].sentence}${next}`}</small>
      {isMoving && <Bar label={name} fraction={bytes === 0 ? null : doneBytes / bytes} />}
      <span className="acts">
        {state === 'failed' && (
          <IconButton label={strings.uploads.retryOne(name)} onPress={() => void uploads.retry([id])}>
            <RotateCcw />
          </IconButton>
        )}
        {reason?.code === 'deleted_from_library' && (
          <IconButton label={strings.uploads.again} onPress={() => void uploads.again(id)}>
            <Undo2 />
          </IconButton>
        )}
        {state !== 'verified' && state !== 'excluded' && (
          <IconButton label={strings.uploads.stopOne(name)} onPress={() => void uploads.cancel([id])}>
            <X />
          </IconButton>
        )}
      </span>
    </li>
  );
}
