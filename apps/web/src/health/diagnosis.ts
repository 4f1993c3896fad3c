import { type CheckName, type CheckResult, type FixAction, reasons, sevenChecks } from '@everroll/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Failure } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast-queue.ts';

export interface CheckResults {
  readonly check: CheckName;
  /** Of one check: one where nothing is wrong, else one for each thing that is; empty while it runs. */
  readonly results: readonly CheckResult[];
}

export interface Diagnosis {
  readonly seven: readonly CheckResults[];
  readonly deeper: readonly CheckResults[];
  readonly isRunning: boolean;
  readonly failure: Failure | null;
  readonly run: () => void;
  readonly fix: (action: FixAction, retest: readonly CheckName[]) => Promise<void>;
}

/** The sync doctor, run once when the page is opened and whenever it is asked for. */
export function useDiagnosis(): Diagnosis {
  const { health } = useDevice();
  const [results, setResults] = useState<readonly CheckResult[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const round = useRef(0);
  const run = useCallback(() => {
    round.current += 1;
    const mine = round.current;
    setRunning(true);
    setFailure(null);
    setResults([]);
    void health
      .diagnose((result) => {
        if (mine === round.current) setResults((before) => [...before, result]);
      })
      .then((all) => {
        if (mine !== round.current) return;
        setRunning(false);
        if (all.ok) setResults(all.value);
        else setFailure(all.failure);
      });
  }, [health]);
  useEffect(() => {
    run();
    return () => {
      round.current += 1;
    };
  }, [run]);
  const fix = useCallback(
    async (action: FixAction, retest: readonly CheckName[]) => {
      const fixed = await health.fix(action, retest);
      if (!fixed.ok) return showToast(reasons[fixed.failure.code].sentence);
      const again = new Set<CheckName>([...retest, ...fixed.value.results.map(({ check }) => check)]);
      setResults((before) => [...before.filter(({ check }) => !again.has(check)), ...fixed.value.results]);
      showToast(strings.health.mended);
    },
    [health],
  );
  const of = (check: CheckName): CheckResults => ({ check, results: results.filter((result) => result.check === check) });
  const deeper = [...new Set(results.map(({ check }) => check))].filter((check) => !(sevenChecks as readonly CheckName[]).includes(check));
  return { seven: sevenChecks.map(of), deeper: deeper.map(of), isRunning, failure, run, fix };
}
