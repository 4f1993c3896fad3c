import { UserPlus } from 'lucide-react';
import { FREE_PLAN, type PlanName } from '@everroll/protocol';
import { type ReactNode, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { QrPicture } from '../health/qr-picture.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { checks, useFormState } from '../session/form-state.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Problem } from '../ui/reason.tsx';
import { showToast } from '../ui/toast-queue.ts';
import { PlanChoice } from './plan-choice.tsx';

/** An address by which one person makes an account, with the plan that the owner gives them. */
export function InvitePerson(): ReactNode {
  const { people } = useDevice();
  const [isOpen, setOpen] = useState(false);
  const [plan, setPlan] = useState<PlanName>(FREE_PLAN);
  const [url, setUrl] = useState<string | null>(null);
  const [email, setEmail] = useState('');
  const form = useFormState();
  const wrong = checks.email(email);
  const close = (): void => {
    setOpen(false);
    setUrl(null);
    setEmail('');
  };
  const make = (): void =>
    form.submit(wrong === null, async () => {
      const made = await people.invite({ email: email.trim(), plan });
      if (made.ok) setUrl(made.value.url);
      return made;
    });
  return (
    <>
      <IconButton label={strings.people.invite} onPress={() => setOpen(true)}>
        <UserPlus />
      </IconButton>
      <Dialog title={strings.people.inviteTitle} isOpen={isOpen} onClose={close}>
        <p className="lead">{strings.people.inviteText}</p>
        {form.failure && <Problem failure={form.failure} />}
        {url === null ? (
          <>
            <Field label={strings.session.email} type="email" value={email} onChange={setEmail} autoComplete="off" name="email" wrong={form.wasTried ? wrong : null} />
            <PlanChoice label={strings.people.plan} chosen={plan} onChange={setPlan} />
          </>
        ) : (
          <>
            <QrPicture text={url} />
            <p className="address">{url}</p>
          </>
        )}
        <div className="actions">
          <Button onPress={close}>{url === null ? strings.actions.cancel : strings.actions.done}</Button>
          {url === null ? (
            <Button look="primary" onPress={make} isDisabled={form.isBusy}>
              {strings.people.invite}
            </Button>
          ) : (
            <Button look="primary" onPress={() => void navigator.clipboard.writeText(url).then(() => showToast(strings.health.copied))}>
              {strings.health.copyAddress}
            </Button>
          )}
        </div>
      </Dialog>
    </>
  );
}
