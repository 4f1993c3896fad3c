import { type ReactNode, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Problem } from '../ui/reason.tsx';
import { checks, useFormState } from './form-state.ts';
import { Frame } from './frame.tsx';

/** The first run: whoever has the code that the server printed becomes its owner. */
export function SetUp(): ReactNode {
  const { session } = useDevice();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState(() => new URLSearchParams(location.search).get('code') ?? '');
  const form = useFormState();
  const words = strings.session;
  const wrong = { name: checks.given(name), email: checks.email(email), password: checks.newPassword(password), code: checks.given(code) };
  const shown = (fault: string | null): string | null => (form.wasTried ? fault : null);
  return (
    <Frame title={words.setUpTitle} lead={words.setUpLead}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(Object.values(wrong).every((fault) => fault === null), () => session.setUp({ name: name.trim(), email: email.trim(), password, code: code.trim() }));
        }}
      >
        {form.failure && <Problem failure={form.failure} />}
        <Field label={words.name} value={name} onChange={setName} autoComplete="name" name="name" wrong={shown(wrong.name)} />
        <Field label={words.email} type="email" value={email} onChange={setEmail} autoComplete="email" name="email" wrong={shown(wrong.email)} />
        <Field label={words.password} type="password" value={password} onChange={setPassword} autoComplete="new-password" name="password" description={words.newPasswordHint} wrong={shown(wrong.password)} />
        <Field label={words.code} value={code} onChange={setCode} autoComplete="off" name="code" description={words.codeHint} placeholder="xxxx-xxxx-xxxx-xxxx" wrong={shown(wrong.code)} />
        <Button type="submit" look="primary" isDisabled={form.isBusy}>
          {words.createAccount}
        </Button>
      </form>
    </Frame>
  );
}
