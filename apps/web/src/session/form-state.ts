import { Email, Password } from '@everroll/protocol';
import { useState } from 'react';
import type { Failure, Result } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';

/** What is wrong with a field before anybody is asked; null: nothing. */
export const checks = {
  email: (text: string): string | null => (Email.safeParse(text.trim()).success ? null : strings.session.emailWrong),
  newPassword: (text: string): string | null => (Password.safeParse(text).success ? null : strings.session.passwordShort),
  given: (text: string): string | null => (text.trim() === '' ? strings.session.emptyField : null),
};

export interface FormState {
  readonly isBusy: boolean;
  readonly failure: Failure | null;
  /** Whether the fields' faults are shown: from the first try on. */
  readonly wasTried: boolean;
  readonly submit: (mayGo: boolean, act: () => Promise<Result<unknown>>) => void;
}

export function useFormState(): FormState {
  const [isBusy, setBusy] = useState(false);
  const [wasTried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = (mayGo: boolean, act: () => Promise<Result<unknown>>): void => {
    setTried(true);
    setFailure(null);
    if (!mayGo || isBusy) return;
    setBusy(true);
    void act()
      .then((result) => setFailure(result.ok ? null : result.failure))
      .finally(() => setBusy(false));
  };
  return { isBusy, failure, wasTried, submit };
}
