import { History, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Memory } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { DAY_MS, formatNarrowDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { useUp } from '../timeline/up.ts';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/progress.tsx';
import './memories.css';
import { Slideshow } from './slideshow.tsx';
import { useMemories } from './use-memories.ts';

/** What was taken on this day of earlier years, and about it. */
export function MemoriesPage(): ReactNode {
  const words = strings.memories;
  const memories = useMemories();
  const [playing, setPlaying] = useState<Memory | null>(null);
  const parts = [
    { title: words.today, memories: memories?.filter(({ isToday }) => isToday) ?? [] },
    { title: words.about, memories: memories?.filter(({ isToday }) => !isToday) ?? [] },
  ].filter((part) => part.memories.length > 0);
  return (
    <>
      <TopBar title={strings.navigation.memories} {...useUp()} />
      <main className="page">
        {memories === null && <Loading />}
        {memories?.length === 0 && <Empty sign={<History />} title={words.emptyTitle} text={words.emptyText} />}
        {parts.map((part) => (
          <section key={part.title} className="memories" aria-label={part.title}>
            <h2>{part.title}</h2>
            <ul>
              {part.memories.map((memory) => (
                <li key={memory.day}>
                  <MemoryCard memory={memory} onPlay={() => setPlaying(memory)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </main>
      {playing && <Slideshow memory={playing} onClose={() => setPlaying(null)} />}
    </>
  );
}

function MemoryCard({ memory, onPlay }: { readonly memory: Memory; readonly onPlay: () => void }): ReactNode {
  const words = strings.memories;
  const { cover, day, yearsAgo, place, total } = memory;
  return (
    <article className="memory">
      <button type="button" onClick={onPlay}>
        <Picture id={cover.id} shown={cover.shown} rendition="preview" onlyHere={false} alt="" />
        <span className="words">
          {/* What is read begins with this and goes on with what is seen: people who speak to their device say what they see. */}
          <span className="visually-hidden">{words.playThose} </span>
          <strong>{strings.timeline.yearsAgo(yearsAgo)}</strong>{' '}
          <span>{[formatNarrowDay(day), place].filter((part) => part !== null).join(' · ')}</span>
        </span>
        <span className="sign" aria-hidden="true">
          <Play fill="currentColor" />
        </span>
      </button>
      <Link href={`/search?s=${encodeURIComponent(JSON.stringify(dayQuery(day)))}&l=${encodeURIComponent(formatNarrowDay(day))}`}>{words.all(total)}</Link>
    </article>
  );
}

function dayQuery(day: number): { readonly from: string; readonly to: string } {
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  return { from: text, to: text };
}
