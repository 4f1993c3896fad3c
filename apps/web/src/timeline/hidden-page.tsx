import { EyeOff, Lock } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Scope } from '../device/contract.ts';
import { checks, useFormState } from '../session/form-state.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Field } from '../ui/field.tsx';
import { Problem } from '../ui/reason.tsx';
import { CollectionPage } from './collection-page.tsx';
import './hidden-page.css';
import { useUp } from './up.ts';

const HIDDEN: Scope = { of: 'hidden' };

/** Locked behind the account's password each time it is opened, and when the page is left out of sight. */
export function HiddenPage(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const up = useUp();
  useEffect(() => {
    const lock = (): void => {
      if (document.hidden) setOpen(false);
    };
    document.addEventListener('visibilitychange', lock);
    return () => document.removeEventListener('visibilitychange', lock);
  }, []);
  if (isOpen) return <CollectionPage scope={HIDDEN} name={strings.navigation.hidden} {...up} empty={<Empty sign={<EyeOff />} title={strings.timeline.hiddenEmptyTitle} text={strings.timeline.hiddenEmptyText} />} />;
  return (
    <>
      <TopBar title={strings.navigation.hidden} {...up} />
      <main className="page">
        <Empty sign={<Lock />} title={strings.timeline.lockedTitle} text={strings.timeline.lockedText}>
          <Unlock onOpen={() => setOpen(true)} />
        </Empty>
      </main>
    </>
  );
}

function Unlock({ onOpen }: { readonly onOpen: () => void }): ReactNode {
  const { session } = useDevice();
  const [password, setPassword] = useState('');
  const form = useFormState();
  const wrong = checks.given(password);
  return (
    <form
      className="unlock"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.submit(wrong === null, async () => {
          const confirmed = await session.confirmPassword(password);
          if (confirmed.ok) onOpen();
          return confirmed;
        });
      }}
    >
      {form.failure && <Problem failure={form.failure} />}
      <Field label={strings.session.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" autoFocus wrong={form.wasTried ? wrong : null} />
      <Button type="submit" look="primary" isDisabled={form.isBusy}>
        {strings.timeline.unlock}
      </Button>
    </form>
  );
}
