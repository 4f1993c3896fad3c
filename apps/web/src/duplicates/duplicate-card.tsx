import type { AssetId } from '@everroll/protocol';
import { Heart, Maximize2 } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { Link } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import type { AssetView, DuplicateGroup } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { Button } from '../ui/button.tsx';
import { differing, factsOf } from './facts.ts';

export interface DuplicateCardProps {
  readonly group: DuplicateGroup;
  readonly onMerge: (keep: AssetId, others: readonly AssetId[]) => void;
  readonly onKeepAll: () => void;
}

/** Copies beside each other with what differs, and which one is kept. */
export function DuplicateCard({ group, onMerge, onKeepAll }: DuplicateCardProps): ReactNode {
  const words = strings.duplicates;
  const name = useId();
  const views = useViews(group);
  const [chosen, setChosen] = useState(group.assets[0]?.id);
  const facts = views.map((view) => (view === null ? [] : factsOf(view)));
  const different = differing(facts.filter(({ length }) => length > 0));
  const others = group.assets.map(({ id }) => id).filter((id) => id !== chosen);
  return (
    <section className="card duplicate">
      <h2>
        {words.why[group.why]}
        <small>{words.copies(group.assets.length)}</small>
      </h2>
      <fieldset className="copies">
        <legend className="visually-hidden">{words.keepWhich}</legend>
        {group.assets.map(({ id, shown }, at) => (
          <div key={id} className="copy" {...(id === chosen && { 'data-kept': '' })}>
            <label>
              <span className="picture">
                <Picture id={id} shown={shown} rendition="thumb" onlyHere={views[at]?.onServer === false} alt="" />
              </span>
              <span className="choice">
                <input type="radio" name={name} checked={id === chosen} onChange={() => setChosen(id)} />
                {id === chosen ? words.kept : words.keep}
                {at === 0 && <small>{words.best}</small>}
                {views[at]?.asset.favourite === true && <Heart aria-label={strings.timeline.favourite} fill="currentColor" />}
              </span>
            </label>
            <dl>
              {facts[at]
                ?.filter(({ label, value }) => different.has(label) || value !== words.none)
                .map(({ label, value }) => (
                  <div key={label} {...(different.has(label) && { className: 'different' })}>
                    <dt>{label}</dt>
                    <dd className="figures">{value}</dd>
                  </div>
                ))}
            </dl>
            <Link href={`/?photo=${id}`} className="open" aria-label={words.open}>
              <Maximize2 />
            </Link>
          </div>
        ))}
      </fieldset>
      <div className="actions">
        <Button look="quiet" onPress={onKeepAll}>
          {words.keepAll}
        </Button>
        <Button look="primary" isDisabled={chosen === undefined} onPress={() => chosen !== undefined && onMerge(chosen, others)}>
          {words.merge(others.length)}
        </Button>
      </div>
    </section>
  );
}

/** Everything about each of the group; null while it is not there yet. */
function useViews(group: DuplicateGroup): readonly (AssetView | null)[] {
  const { assets } = useDevice();
  const [views, setViews] = useState<readonly (AssetView | null)[]>(() => group.assets.map(() => null));
  useEffect(() => {
    let isHere = true;
    void Promise.all(group.assets.map(({ id }) => assets.get(id))).then((found) => isHere && setViews(found));
    return () => {
      isHere = false;
    };
  }, [assets, group]);
  return views;
}
