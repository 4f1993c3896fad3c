import type { FreeUpSection, Usage } from '@everroll/protocol';
import { type ReactNode, useCallback, useState } from 'react';
import { useAsked } from '../app/asked.ts';
import { useDevice, useMember, useWatched } from '../app/device-context.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { useUp } from '../timeline/up.ts';
import { Button } from '../ui/button.tsx';
import '../ui/card.css';
import { Bar, Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { FreeUpDialog } from './free-up-dialog.tsx';
import './storage.css';

const words = strings.storage;
const kinds = ['photos', 'videos', 'livePhotos', 'raw', 'edits', 'other', 'recentlyDeleted'] as const satisfies readonly (keyof Usage['byKind'])[];
const sections = ['videos', 'duplicates', 'screenshots', 'recentlyDeleted'] as const satisfies readonly FreeUpSection[];

/** What the plan is used for, and where there is room to be found. */
export function StoragePage(): ReactNode {
  const up = useUp();
  const { storage } = useDevice();
  const usage = useAsked(useCallback(() => storage.usage(), [storage]));
  return (
    <>
      <TopBar title={words.title} {...up} />
      <main className="page">
        <div className="measure storage">
          {usage.asked.state === 'loading' && <Loading />}
          {usage.asked.state === 'failed' && <Problem failure={usage.asked.failure} />}
          {usage.asked.state === 'here' && <UsageCard usage={usage.asked.value} />}
          <FreeUp onFreed={usage.again} />
          <ThisBrowser />
        </div>
      </main>
    </>
  );
}

function UsageCard({ usage }: { readonly usage: Usage }): ReactNode {
  const { plan, used, reserved, byKind } = usage;
  const isOwner = useMember().account.role === 'owner';
  const whole = plan ?? Math.max(1, used);
  const present = kinds.filter((kind) => byKind[kind] > 0);
  return (
    <section className="card">
      <p className="amount figures">{plan === null ? words.usedUnlimited(formatBytes(used)) : words.used(formatBytes(used), formatBytes(plan))}</p>
      <div className="usage-bar" role="img" aria-label={words.bar}>
        {present.map((kind) => (
          <span key={kind} className={`kind-${kind}`} style={{ width: `${(byKind[kind] / whole) * 100}%` }} />
        ))}
      </div>
      <ul className="legend figures">
        {present.map((kind) => (
          <li key={kind}>
            <i className={`kind-${kind}`} aria-hidden="true" />
            {words.kinds[kind]}
            <span>{formatBytes(byKind[kind])}</span>
          </li>
        ))}
      </ul>
      <p className="quiet-text figures">
        {[plan !== null && words.left(formatBytes(Math.max(0, plan - used - reserved))), reserved > 0 && words.reserved(formatBytes(reserved)), words.previewsFree].filter((part) => part !== false).join(' · ')}
      </p>
      <p className="quiet-text">{isOwner ? words.planTextOwner : words.planText}</p>
    </section>
  );
}

function FreeUp({ onFreed }: { readonly onFreed: () => void }): ReactNode {
  const { storage } = useDevice();
  const { asked, again } = useAsked(useCallback(() => storage.freeUp(), [storage]));
  const [open, setOpen] = useState<FreeUpSection | null>(null);
  return (
    <section className="storage">
      <div>
        <h2>{words.freeUp}</h2>
        <p className="quiet-text">{words.freeUpText}</p>
      </div>
      {asked.state === 'loading' && <Loading />}
      {asked.state === 'failed' && <Problem failure={asked.failure} />}
      {asked.state === 'here' && (
        <div className="free-list">
          {sections.map((section) => {
            const { items, freesBytes } = asked.value[section];
            return (
              <div className="card" key={section}>
                <h3>{words.sections[section]}</h3>
                <p className="quiet-text">{words.sectionTexts[section]}</p>
                <p className="figures">{items === 0 ? words.nothing : words.frees(items, formatBytes(freesBytes))}</p>
                {items > 0 && (
                  <Button size="small" onPress={() => setOpen(section)}>
                    {words.look}
                  </Button>
                )}
              </div>
            );
          })}
        </div>
      )}
      {open !== null && (
        <FreeUpDialog
          section={open}
          onClose={() => setOpen(null)}
          onFreed={() => {
            again();
            onFreed();
          }}
        />
      )}
    </section>
  );
}

function ThisBrowser(): ReactNode {
  const { session } = useDevice();
  const surroundings = useWatched(session.surroundings);
  // A browser that keeps nothing (plain http from another machine) has no space to tell of, but that to say.
  if (surroundings === undefined || (surroundings.space === null && surroundings.persisted)) return null;
  const { space } = surroundings;
  return (
    <section className="card">
      <h2>{words.thisBrowser}</h2>
      {space && <Bar label={words.thisBrowser} fraction={space.quotaBytes === 0 ? 0 : space.usedBytes / space.quotaBytes} />}
      {space && <p className="figures">{words.browserUses(formatBytes(space.usedBytes), formatBytes(space.quotaBytes))}</p>}
      <p className="quiet-text">{surroundings.persisted ? (surroundings.durable === true ? words.durable : words.notDurable) : strings.health.notKeptText}</p>
      {surroundings.persisted && surroundings.durable === false && (
        <div>
          <Button size="small" onPress={() => void session.askToKeep()}>
            {words.askToKeep}
          </Button>
        </div>
      )}
    </section>
  );
}
