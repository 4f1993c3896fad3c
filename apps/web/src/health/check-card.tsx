import { CircleAlert, CircleCheck, CircleHelp, LoaderCircle, TriangleAlert } from 'lucide-react';
import { type CheckName, type CheckResult, fixActions, type FixAction, reasons } from '@everroll/protocol';
import { type ReactNode, useState } from 'react';
import { formatAgo, formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { stepWithoutCommand } from '../ui/steps.ts';
import { factsOf } from './facts.ts';

const words = strings.health;

export interface CheckCardProps {
  readonly check: CheckName;
  readonly results: readonly CheckResult[];
  readonly isRunning: boolean;
  readonly onFix: (action: FixAction, retest: readonly CheckName[]) => Promise<void>;
}

type Verdict = CheckResult['verdict'] | 'running';

const signs: Readonly<Record<Verdict, ReactNode>> = {
  ok: <CircleCheck aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  fail: <CircleAlert aria-hidden="true" />,
  unknown: <CircleHelp aria-hidden="true" />,
  running: <LoaderCircle aria-hidden="true" />,
};

/** One check: what it asks, what it found, what was measured, and what one act mends. */
export function CheckCard({ check, results, isRunning, onFix }: CheckCardProps): ReactNode {
  const verdict = worst(results, isRunning);
  const asked = (words.asks as Readonly<Partial<Record<CheckName, string>>>)[check];
  return (
    <article className={`check ${verdict}`} data-check={check}>
      {signs[verdict]}
      <h3>
        {words.checks[check]}
        <small>{words.verdicts[verdict]}</small>
      </h3>
      {verdict === 'ok' || verdict === 'running' ? asked !== undefined && <p className="quiet">{asked}</p> : results.filter((result) => result.verdict !== 'ok').map((result) => <Finding key={result.reason ?? result.verdict} result={result} onFix={onFix} />)}
      <Evidence results={results} />
    </article>
  );
}

function Finding({ result, onFix }: { readonly result: CheckResult; readonly onFix: CheckCardProps['onFix'] }): ReactNode {
  const [isBusy, setBusy] = useState(false);
  if (result.verdict === 'ok') return null;
  if (result.verdict === 'unknown') return <p className="quiet">{result.why}</p>;
  const { reason, since, fix, items, retest } = result;
  const steps = fix.steps.map(stepWithoutCommand).filter((step) => step !== null);
  return (
    <>
      <p>{reasons[reason].sentence}</p>
      {items.count > 0 && <p className="quiet figures">{words.waitingFor(items.count, formatBytes(items.bytes))}</p>}
      <p className="quiet">{words.since(formatAgo(since, Date.now()))}</p>
      {steps.length > 0 && (
        <ul className="steps" aria-label={words.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
      {fix.actions.length > 0 && (
        <div className="acts">
          {fix.actions.map((action, index) => (
            <Button
              key={action}
              size="small"
              look={index === 0 ? 'primary' : 'plain'}
              isDisabled={isBusy}
              onPress={() => {
                setBusy(true);
                void onFix(action, retest).finally(() => setBusy(false));
              }}
            >
              {fixActions[action].sentence}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

/** Its line keeps its place while nothing is measured yet, so that a card that is done pushes nothing down. */
function Evidence({ results }: { readonly results: readonly CheckResult[] }): ReactNode {
  const facts = results.flatMap((result) => factsOf(result.evidence));
  if (facts.length === 0) return <div className="measured" />;
  return (
    <details className="measured">
      <summary>{words.evidence}</summary>
      <dl>
        {facts.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
      </dl>
    </details>
  );
}

/** What is not known is never green. */
function worst(results: readonly CheckResult[], isRunning: boolean): Verdict {
  if (results.length === 0) return isRunning ? 'running' : 'unknown';
  for (const verdict of ['fail', 'warn', 'unknown'] as const) if (results.some((result) => result.verdict === verdict)) return verdict;
  return 'ok';
}
