import { type ReasonCode, reasons } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';

/** The server does not take this session any more; what is here can still be looked at. */
export function Halted({ code }: { readonly code: ReasonCode }): ReactNode {
  const { session } = useDevice();
  return (
    <div className="notice" role="alert">
      <div>
        {reasons[code].sentence}
        <Button size="small" onPress={() => void session.signOut()}>
          {strings.session.halted}
        </Button>
      </div>
    </div>
  );
}
