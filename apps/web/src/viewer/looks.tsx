import { type AssetId, type CommittedRevision, lookOf, type Recipe, recipeText } from '@everroll/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { useChange } from '../changes/use-change.ts';
import type { AssetView } from '../device/contract.ts';
import { formatMoment } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';

/** That a photo is edited; and the look that another device gave it at the same time, to take or to dismiss (rule E4). */
export function Looks({ view }: { readonly view: AssetView }): ReactNode {
  const words = strings.editor;
  const change = useChange();
  const { adjustments } = view.asset;
  const look = lookOf(view.asset);
  const [other] = adjustments?.offered ?? [];
  if (look === null && other === undefined) return null;
  return (
    <section className="looks">
      {look !== null && <p className="strong">{words.editedOn(formatMoment(look.at))}</p>}
      {other !== undefined && (
        <div className="offered">
          <h3>{words.another}</h3>
          <div className="offer">
            <OfferedPicture key={other.id} asset={view.asset.id} revision={other} />
            <p className="quiet">{words.anotherText}</p>
          </div>
          <div className="choices">
            <Button size="small" look="primary" onPress={() => void change({ do: 'take_look', asset: view.asset.id, revision: other.id }, words.taken)}>
              {words.take}
            </Button>
            <Button size="small" look="plain" onPress={() => void change({ do: 'keep_look', asset: view.asset.id }, words.kept)}>
              {words.keep}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

/** Drawn here: the server draws what is shown alone. */
function OfferedPicture({ asset, revision }: { readonly asset: AssetId; readonly revision: CommittedRevision }): ReactNode {
  const { assets } = useDevice();
  const { library } = useMember();
  const [address, setAddress] = useState<string | null>(null);
  const { over } = revision;
  // Rows come as copies: equal recipes are one.
  const text = recipeText(revision.recipe);
  useEffect(() => {
    const ended = new AbortController();
    let made: string | null = null;
    void (async () => {
      const { drawOffered } = await import('../editor/draw-offered.ts');
      const recipe = JSON.parse(text) as Recipe | null;
      const blob = recipe && (await drawOffered(assets, library.id, asset, over, recipe, ended.signal));
      if (blob === null || ended.signal.aborted) return;
      made = URL.createObjectURL(blob);
      setAddress(made);
    })();
    return () => {
      ended.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [assets, library.id, asset, over, text]);
  return address === null ? <span className="offered-picture" /> : <img className="offered-picture" src={address} alt={strings.editor.another} />;
}
