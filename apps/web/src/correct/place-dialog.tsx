import { type Asset, Place } from '@everroll/protocol';
import { MapPin } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components/Button';
import { useChange } from '../changes/use-change.ts';
import type { Change } from '../device/contract.ts';
import { type Camera, type LatLon, onMap, toWorld } from '../map/camera.ts';
import { WorldMap } from '../map/world-map.tsx';
import { loadPlaceNames, type PlaceNames, type Town } from '../places/place-names.ts';
import { formatCountry } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import './correct.css';
import { type CorrectionProps, useFirst } from './date-dialog.tsx';
import { coordinatesIn, coordinatesText } from './coordinates.ts';

/** A town fills the map. */
const TOWN_ZOOM = 9;
const SUGGESTED = 5;

/** Corrects where photos were taken: by a town's name, on the map, or by coordinates. */
export function PlaceDialog({ assets, onClose, onDone }: CorrectionProps): ReactNode {
  const first = useFirst(assets);
  return (
    <Dialog title={strings.correct.placeTitle(assets.length)} isOpen onClose={onClose} isWide>
      {first && <PlaceForm key={first.id} assets={assets} first={first} onClose={onClose} {...(onDone && { onDone })} />}
    </Dialog>
  );
}

function PlaceForm({ assets, first, onClose, onDone }: CorrectionProps & { readonly first: Asset }): ReactNode {
  const words = strings.correct;
  const change = useChange();
  const isMany = assets.length > 1;
  const [text, setText] = useState(first.place === null ? '' : coordinatesText(first.place));
  const [camera, setCamera] = useState<Camera>(() => (first.place === null ? { x: 0.5, y: 0.42, zoom: 1.4 } : { ...toWorld(first.place), zoom: TOWN_ZOOM }));
  const place = coordinatesIn(text);
  const go = (to: LatLon, zoom: number): void => {
    setText(coordinatesText(to));
    setCamera({ ...toWorld(to), zoom });
  };
  const make = (made: Change): void => {
    onClose();
    void change(made, words.placed).then(() => onDone?.());
  };
  const own = first.asTaken;
  const altitude = !isMany && first.place !== null && place !== null && coordinatesText(first.place) === coordinatesText(place) ? first.place.altitude : null;
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (place !== null) make({ do: 'place', assets, place: Place.parse({ ...place, altitude }) });
      }}
    >
      <TownSearch onChoose={(town) => go(town, TOWN_ZOOM)} />
      <div className="place-picker">
        <WorldMap label={strings.map.choose} camera={camera} onCamera={setCamera} onTap={(tapped) => setText(coordinatesText(tapped))}>
          {(size) => {
            if (place === null) return null;
            const { x, y } = onMap(camera, size, toWorld(place));
            return (
              <span style={{ position: 'absolute', left: 0, top: 0, transform: `translate(${x}px, ${y}px)` }}>
                <span className="pin">
                  <MapPin />
                </span>
              </span>
            );
          }}
        </WorldMap>
      </div>
      <Field label={words.coordinates} description={words.coordinatesHint} value={text} onChange={setText} wrong={text.trim() !== '' && place === null ? words.noCoordinates : null} />
      <div className="actions">
        {(isMany || (own !== undefined && JSON.stringify(own.place) !== JSON.stringify(first.place))) && (
          <Button look="quiet" onPress={() => make({ do: 'own_place', assets })}>
            {isMany ? words.revertPlaces : words.revertPlace}
          </Button>
        )}
        {(isMany || first.place !== null) && <Button onPress={() => make({ do: 'place', assets, place: null })}>{words.removePlace}</Button>}
        <Button type="submit" look="primary" isDisabled={place === null}>
          {strings.actions.save}
        </Button>
      </div>
    </form>
  );
}

function TownSearch({ onChoose }: { readonly onChoose: (town: Town) => void }): ReactNode {
  const [names, setNames] = useState<PlaceNames | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    let isHere = true;
    void loadPlaceNames().then((loaded) => isHere && setNames(loaded));
    return () => {
      isHere = false;
    };
  }, []);
  const found = names?.search(text, SUGGESTED) ?? [];
  const choose = (town: Town): void => {
    setText('');
    onChoose(town);
  };
  return (
    <div
      className="place-search"
      onKeyDown={(event) => {
        const [best] = found;
        if (event.key !== 'Enter' || best === undefined || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        choose(best);
      }}
    >
      <Field label={strings.correct.town} placeholder={strings.correct.townHint} value={text} onChange={setText} autoComplete="off" autoFocus />
      {found.length > 0 && (
        <ul aria-label={strings.search.suggestions}>
          {found.map((town) => (
            <li key={`${town.name} ${town.latitude} ${town.longitude}`}>
              <PlainButton onPress={() => choose(town)}>
                {town.name}
                <small>{formatCountry(town.country)}</small>
              </PlainButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
