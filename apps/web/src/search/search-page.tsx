import { Aperture, Calendar, Camera, FileText, Images, LibraryBig, MapPin, Search, SearchX, Tag, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useSearchParams } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import type { Scope, Suggestion } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { CollectionPage } from '../timeline/collection-page.tsx';
import { Empty } from '../ui/empty.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { labelOf, readAddress } from './query-text.ts';
import './search.css';

/** Keys follow each other faster than this; the search begins when they rest. */
const TYPING_MS = 180;

export function SearchPage(): ReactNode {
  const [params, setParams] = useSearchParams();
  const address = readAddress(params);
  const [text, setText] = useState(address.label ?? address.text);
  const said = params.get('s') ?? '';
  const searched = params.get('q') ?? '';
  const scope = useMemo((): Scope | null => {
    const { query } = readAddress(new URLSearchParams(said === '' ? { q: searched } : { s: said }));
    return query === null ? null : { of: 'search', query };
  }, [said, searched]);

  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A search that has not begun is not wanted any more when the page is left.
  useEffect(() => () => clearTimeout(typing.current), []);
  const onType = (typed: string): void => {
    setText(typed);
    clearTimeout(typing.current);
    typing.current = setTimeout(() => setParams(typed.trim() === '' ? {} : { q: typed }, { replace: true }), TYPING_MS);
  };
  const choose = (suggestion: Suggestion): void => {
    const label = labelOf(suggestion);
    setText(label);
    setParams({ s: JSON.stringify(suggestion.query), l: label });
  };
  const box = <SearchBox text={text} onType={onType} />;
  if (scope === null) {
    return (
      <>
        <TopBar title={strings.search.title}>{box}</TopBar>
        <main className="page">
          <Suggestions text={text} onChoose={choose} />
        </main>
      </>
    );
  }
  return <CollectionPage key={said + searched} scope={scope} name={strings.search.title} tools={box} empty={<Nothing text={text} onChoose={choose} />} />;
}

function SearchBox({ text, onType }: { readonly text: string; readonly onType: (text: string) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <search className="search-box">
      <Search aria-hidden="true" />
      <input ref={input} type="search" aria-label={strings.search.label} placeholder={strings.search.placeholder} value={text} autoComplete="off" enterKeyHint="search" onChange={(event) => onType(event.target.value)} />
      {text !== '' && (
        <IconButton
          label={strings.search.clear}
          onPress={() => {
            onType('');
            input.current?.focus();
          }}
        >
          <X />
        </IconButton>
      )}
    </search>
  );
}

const signs: Readonly<Record<Suggestion['kind'], ReactNode>> = {
  date: <Calendar aria-hidden="true" />,
  place: <MapPin aria-hidden="true" />,
  camera: <Camera aria-hidden="true" />,
  lens: <Aperture aria-hidden="true" />,
  kind: <Images aria-hidden="true" />,
  name: <FileText aria-hidden="true" />,
  caption: <FileText aria-hidden="true" />,
  keyword: <Tag aria-hidden="true" />,
  album: <LibraryBig aria-hidden="true" />,
};

function Suggestions({ text, onChoose }: { readonly text: string; readonly onChoose: (suggestion: Suggestion) => void }): ReactNode {
  const { search } = useDevice();
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    let isCurrent = true;
    void search.suggest(text.trim()).then((found) => isCurrent && setSuggestions(found));
    return () => {
      isCurrent = false;
    };
  }, [search, text]);
  if (suggestions.length === 0) return null;
  return (
    <div className="suggestions">
      <h2>{text.trim() === '' ? strings.search.browse : strings.search.suggestions}</h2>
      <ul>
        {suggestions.map((suggestion) => (
          <li key={`${suggestion.kind} ${suggestion.label}`}>
            <Button className="suggestion" onPress={() => onChoose(suggestion)}>
              {signs[suggestion.kind]}
              <span className="words">
                <strong>{labelOf(suggestion)}</strong>
                <small>{strings.search.sorts[suggestion.kind]}</small>
              </span>
              <span className="figures">{formatNumber(suggestion.count)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Nothing({ text, onChoose }: { readonly text: string; readonly onChoose: (suggestion: Suggestion) => void }): ReactNode {
  return (
    <>
      <Empty sign={<SearchX />} title={strings.search.noneTitle} text={strings.search.noneText(text)} />
      <Suggestions text={text} onChoose={onChoose} />
    </>
  );
}
