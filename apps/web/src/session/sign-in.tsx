import { type ReactNode, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Member } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Problem } from '../ui/reason.tsx';
import { checks, useFormState } from './form-state.ts';
import { Frame } from './frame.tsx';

/** @param remembered whose library is still kept in this browser */
export function SignIn({ remembered }: { readonly remembered: Member | null }): ReactNode {
  const { session } = useDevice();
  const [email, setEmail] = useState(remembered?.account.email ?? '');
  const [password, setPassword] = useState('');
  const form = useFormState();
  const words = strings.session;
  const wrong = { email: checks.email(email), password: checks.given(password) };
  return (
    <Frame title={words.signInTitle} lead={remembered ? words.remembered(remembered.account.name) : words.signInLead}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(wrong.email === null && wrong.password === null, () => session.signIn({ email: email.trim(), password }));
        }}
      >
        {form.failure && <Problem failure={form.failure} />}
        <Field label={words.email} type="email" value={email} onChange={setEmail} autoComplete="username" name="email" wrong={form.wasTried ? wrong.email : null} />
        <Field label={words.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" name="password" wrong={form.wasTried ? wrong.password : null} />
        <Button type="submit" look="primary" isDisabled={form.isBusy}>
          {words.signIn}
        </Button>
      </form>
    </Frame>
  );
}
