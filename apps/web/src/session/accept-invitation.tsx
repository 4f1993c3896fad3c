import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Problem } from '../ui/reason.tsx';
import { checks, useFormState } from './form-state.ts';
import { Frame } from './frame.tsx';

/** Opened by the address that the owner sent (`People.invite`). */
export function AcceptInvitation({ code }: { readonly code: string }): ReactNode {
  const { session } = useDevice();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const form = useFormState();
  const words = strings.session;
  const wrong = { name: checks.given(name), password: checks.newPassword(password) };
  const shown = (fault: string | null): string | null => (form.wasTried ? fault : null);
  return (
    <Frame title={words.invitationTitle} lead={words.invitationLead}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(Object.values(wrong).every((fault) => fault === null), async () => {
            const accepted = await session.acceptInvitation(code, { name: name.trim(), password });
            if (accepted.ok) go('/', { replace: true });
            return accepted;
          });
        }}
      >
        {form.failure && <Problem failure={form.failure} />}
        <Field label={words.name} value={name} onChange={setName} autoComplete="name" name="name" wrong={shown(wrong.name)} />
        <Field label={words.password} type="password" value={password} onChange={setPassword} autoComplete="new-password" name="password" description={words.newPasswordHint} wrong={shown(wrong.password)} />
        <Button type="submit" look="primary" isDisabled={form.isBusy}>
          {words.createAccount}
        </Button>
      </form>
    </Frame>
  );
}
