import type { Asset } from '@everroll/protocol';
import { type ReactNode, useState } from 'react';
import { useChange } from '../changes/use-change.ts';
import { strings } from '../strings/strings.ts';

/** What a person writes about a photo; kept when the field is left or Enter is pressed. */
export function Caption({ asset }: { readonly asset: Asset }): ReactNode {
  const change = useChange();
  const written = asset.caption ?? asset.details?.caption ?? '';
  const [text, setText] = useState<string | null>(null);
  const keep = (): void => {
    if (text === null || text.trim() === written) return setText(null);
    void change({ do: 'caption', asset: asset.id, caption: text.trim() === '' ? null : text.trim() }, () => strings.timeline.done.caption).then(() => setText(null));
  };
  return (
    <textarea
      className="caption"
      rows={1}
      aria-label={strings.viewer.caption}
      placeholder={strings.viewer.addCaption}
      value={text ?? written}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setText(null);
        if (event.key !== 'Enter' || event.shiftKey) return;
        event.preventDefault();
        event.currentTarget.blur();
      }}
    />
  );
}
