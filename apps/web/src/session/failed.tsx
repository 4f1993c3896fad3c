import { DatabaseZap } from 'lucide-react';
import { reasons } from '@everroll/protocol';
import type { ReactNode } from 'react';
import type { Failure } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { stepsOf } from '../ui/steps.ts';

/** This browser's database cannot be used: why, and what to do. */
export function Failed({ failure }: { readonly failure: Failure }): ReactNode {
  return (
    <main>
      <Empty sign={<DatabaseZap />} title={strings.session.failedTitle} text={[reasons[failure.code].sentence, ...stepsOf(failure.code).map((step) => `${step}.`)].join(' ')}>
        <Button look="primary" onPress={() => location.reload()}>
          {strings.actions.tryAgain}
        </Button>
      </Empty>
    </main>
  );
}
