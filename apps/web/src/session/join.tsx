import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/reason.tsx';
import { useFormState } from './form-state.ts';
import { Frame } from './frame.tsx';

/** Opened by the address that another device of the account showed (`Session.invite`). */
export function Join({ code }: { readonly code: string }): ReactNode {
  const { session } = useDevice();
  const [, go] = useLocation();
  const form = useFormState();
  return (
    <Frame title={strings.session.joinTitle} lead={strings.session.joinLead}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(true, async () => {
            const joined = await session.join(code);
            if (joined.ok) go('/', { replace: true });
            return joined;
          });
        }}
      >
        {form.failure && <Problem failure={form.failure} />}
        <Button type="submit" look="primary" isDisabled={form.isBusy}>
          {strings.session.join}
        </Button>
      </form>
    </Frame>
  );
}
