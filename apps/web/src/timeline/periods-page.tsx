import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useIsNarrow } from '../app/media-query.ts';
import type { Scope } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { formatMonthAlone, formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Loading } from '../ui/progress.tsx';
import { type Collection, type OnScreen, useCollection } from './collection.ts';
import { COVER_CHOICE, coverOf } from './cover.ts';
import { type Period, periodsOf } from './periods.ts';
import './periods-page.css';
import { Picture } from './picture.tsx';
import { placeholderOf } from './placeholder.ts';
import { has } from './row-store.ts';
import { ViewSwitch } from './view-switch.tsx';

const LIBRARY: Scope = { of: 'library' };

/** The library by months or by years, each with a picture. `?year=` begins at a year. */
export function PeriodsPage({ period }: { readonly period: 'months' | 'years' }): ReactNode {
  const onScreen = useRef<OnScreen>({ photos: 1, anchor: null });
  const collection = useCollection(LIBRARY, onScreen);
  const isNarrow = useIsNarrow();
  const [params] = useSearchParams();
  const year = params.get('year');
  const place = useRef<HTMLElement>(null);
  const periods = useMemo(() => (collection === null ? [] : periodsOf(collection.index, period)), [collection, period]);
  const years = useMemo(() => [...Map.groupBy(periods, (each) => (period === 'months' ? each.year : 0))], [periods, period]);
  const isThere = collection !== null;
  useEffect(() => {
    if (isThere && year !== null) place.current?.querySelector(`[data-year="${CSS.escape(year)}"]`)?.scrollIntoView();
  }, [isThere, year]);
  const title = strings.timeline[period];
  return (
    <>
      <TopBar title={title}>{!isNarrow && <ViewSwitch chosen={period} />}</TopBar>
      <main className="page scroll-page" ref={place}>
        {collection === null ? (
          <Loading />
        ) : (
          <div className={`periods ${period}`}>
            {years.map(([inYear, list]) => (
              <section key={inYear} data-year={inYear} aria-label={period === 'months' ? String(inYear) : title}>
                {period === 'months' && <h2 className="figures">{inYear}</h2>}
                <div className="cards">
                  {list.map((each) => (
                    <PeriodCard key={each.day} collection={collection} period={each} of={period} />
                  ))}
                </div>
              </section>
            ))}
          </div>
        )}
      </main>
      {isNarrow && <ViewSwitch chosen={period} />}
    </>
  );
}

function PeriodCard({ collection, period, of }: { readonly collection: Collection; readonly period: Period; readonly of: 'months' | 'years' }): ReactNode {
  const card = useRef<HTMLAnchorElement>(null);
  const isNear = useIsNear(card);
  const { rows } = collection;
  const photo = useSyncExternalStore(
    rows.subscribe,
    useCallback(() => coverOf(rows, period), [rows, period]),
  );
  useEffect(() => {
    if (isNear) void rows.want(period.first, period.first + Math.min(period.count, COVER_CHOICE));
  }, [isNear, rows, period]);
  const placeholder = photo === undefined ? null : placeholderOf(photo.shown, photo.thumbhash);
  const newest = collection.index.days[period.first] ?? period.day;
  return (
    <Link
      href={of === 'months' ? `/?day=${newest}` : `/months?year=${period.year}`}
      ref={card}
      className="period"
      style={{ backgroundImage: placeholder === null ? 'none' : `url(${placeholder})` }}
    >
      {isNear && photo && !has(photo, 'noPicture') && <Picture key={photo.shown} id={photo.id} shown={photo.shown} rendition={of === 'years' ? 'preview' : 'thumb'} onlyHere={has(photo, 'onlyHere')} alt="" />}
      <span className="words">
        {of === 'months' ? formatMonthAlone(period.day) : period.year}
        <small className="figures">
          {formatNumber(period.count)}
          <span className="visually-hidden"> {strings.timeline.photosOf(period.count)}</span>
        </small>
      </span>
    </Link>
  );
}

/** Once it is within a window of being seen, it stays so. */
function useIsNear(element: React.RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: '100%' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return isNear;
}
