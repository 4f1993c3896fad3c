import { ShieldAlert, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { formatAgo, formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { CheckCard } from './check-card.tsx';
import { Devices } from './devices.tsx';
import { type CheckResults, useDiagnosis } from './diagnosis.ts';
import '../ui/card.css';
import './health.css';
import { SeekPhoto } from './seek-photo.tsx';
import { SupportBundle } from './support-bundle.tsx';
import { WaitingItems } from './waiting-items.tsx';

const words = strings.health;

/** Whether everything is saved; if not, why, and what to do about it. */
export function HealthPage(): ReactNode {
  const diagnosis = useDiagnosis();
  return (
    <>
      <TopBar title={words.title} />
      <main className="page">
        <div className="measure health">
          <AtRisk />
          <section>
            <div className="section-head">
              <h2>{words.sevenChecks}</h2>
              <Button size="small" onPress={diagnosis.run} isDisabled={diagnosis.isRunning}>
                {diagnosis.isRunning ? words.running : words.run}
              </Button>
            </div>
            {diagnosis.failure && <Problem failure={diagnosis.failure} />}
            <div className="checks" aria-busy={diagnosis.isRunning}>
              {diagnosis.seven.map(({ check, results }) => (
                <CheckCard key={check} check={check} results={results} isRunning={diagnosis.isRunning} onFix={diagnosis.fix} />
              ))}
            </div>
          </section>
          {/* There before its checks are: what comes later must not push away what a person is about to press. */}
          {(diagnosis.isRunning || diagnosis.deeper.length > 0) && (
            <details className="deeper" open={diagnosis.deeper.some(({ results }) => results.some(({ verdict }) => verdict === 'warn' || verdict === 'fail'))}>
              <summary>
                <h2>{words.deeper}</h2>
                {diagnosis.isRunning ? words.verdicts.running : areWell(diagnosis.deeper) && words.verdicts.ok}
              </summary>
              <div className="checks">
                {diagnosis.deeper.map(({ check, results }) => (
                  <CheckCard key={check} check={check} results={results} isRunning={false} onFix={diagnosis.fix} />
                ))}
              </div>
            </details>
          )}
          <WaitingItems />
          <Devices />
          <SeekPhoto />
          <SupportBundle />
        </div>
      </main>
    </>
  );
}

const areWell = (checks: readonly CheckResults[]): boolean => checks.every(({ results }) => results.every(({ verdict }) => verdict === 'ok'));

function AtRisk(): ReactNode {
  const status = useWatched(useDevice().health.status);
  if (status === undefined) return <Loading />;
  const { items, bytes, oldest } = status.atRisk;
  return (
    <div className={items > 0 ? 'risk some' : 'risk'} role="status">
      {items > 0 ? <ShieldAlert aria-hidden="true" /> : <ShieldCheck aria-hidden="true" />}
      <div>
        <h2>{items > 0 ? words.atRisk : words.nothingAtRisk}</h2>
        <p className="figures">{items > 0 ? words.atRiskText(items, formatBytes(bytes)) : words.nothingAtRiskText}</p>
        {oldest !== null && <p>{words.oldest(formatAgo(oldest, Date.now()))}</p>}
      </div>
    </div>
  );
}
