import { Ban, CircleCheck, Ellipsis, HardDrive, ShieldCheck, ShieldMinus } from 'lucide-react';
import { type AccountChange, type ManagedAccount, reasons } from '@everroll/protocol';
import { type ReactNode, useCallback, useState } from 'react';
import { useAsked } from '../app/asked.ts';
import { useDevice } from '../app/device-context.tsx';
import '../health/health.css';
import { TopBar } from '../shell/top-bar.tsx';
import { formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { useUp } from '../timeline/up.ts';
import { Button } from '../ui/button.tsx';
import '../ui/card.css';
import { Confirmation, Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Bar, Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { showToast } from '../ui/toast-queue.ts';
import { InvitePerson } from './invite-person.tsx';
import './people.css';
import { PlanChoice } from './plan-choice.tsx';

const words = strings.people;

/** For the server's owner: the accounts, their plans, and invitations. */
export function PeoplePage(): ReactNode {
  const up = useUp();
  const { people } = useDevice();
  const { asked, again } = useAsked(useCallback(() => people.accounts(), [people]));
  const change = (account: ManagedAccount, to: AccountChange): void => {
    void people.change(account.id, to).then((changed) => {
      showToast(changed.ok ? words.done : reasons[changed.failure.code].sentence);
      again();
    });
  };
  return (
    <>
      <TopBar title={words.title} {...up}>
        <InvitePerson />
      </TopBar>
      <main className="page">
        <div className="measure people">
          <p className="quiet-text">{words.text}</p>
          {asked.state === 'loading' && <Loading />}
          {asked.state === 'failed' && <Problem failure={asked.failure} />}
          {asked.state === 'here' && (
            <ul className="items">
              {asked.value.map((account) => (
                <Person key={account.id} account={account} onChange={(to) => change(account, to)} />
              ))}
            </ul>
          )}
        </div>
      </main>
    </>
  );
}

function Person({ account, onChange }: { readonly account: ManagedAccount; readonly onChange: (to: AccountChange) => void }): ReactNode {
  const [asking, setAsking] = useState<'plan' | 'disable' | null>(null);
  const { name, email, role, disabled, usedBytes, planBytes } = account;
  const isOwner = role === 'owner';
  return (
    <li>
      <span className="face" aria-hidden="true">
        {name.slice(0, 1).toUpperCase()}
      </span>
      <span className="words">
        <strong>{name}</strong>
        <span>{[email, isOwner ? words.owner : words.member, disabled && words.disabled].filter((part) => part !== false).join(' · ')}</span>
        <span className="figures">{planBytes === null ? strings.storage.usedUnlimited(formatBytes(usedBytes)) : strings.storage.used(formatBytes(usedBytes), formatBytes(planBytes))}</span>
        {planBytes !== null && <Bar label={words.planOf(name)} fraction={usedBytes / planBytes} />}
      </span>
      <Menu
        label={name}
        entries={[
          { id: 'plan', label: words.plan, icon: <HardDrive />, onAction: () => setAsking('plan') },
          { id: 'role', label: isOwner ? words.makeMember : words.makeOwner, icon: isOwner ? <ShieldMinus /> : <ShieldCheck />, onAction: () => onChange({ role: isOwner ? 'member' : 'owner' }) },
          disabled
            ? { id: 'enable', label: words.enable, icon: <CircleCheck />, onAction: () => onChange({ disabled: false }) }
            : { id: 'disable', label: words.disable, icon: <Ban />, isDangerous: true, onAction: () => setAsking('disable') },
        ]}
        trigger={
          <IconButton label={`${strings.actions.more}: ${name}`}>
            <Ellipsis />
          </IconButton>
        }
      />
      <Dialog title={words.planOf(name)} isOpen={asking === 'plan'} onClose={() => setAsking(null)}>
        <PlanChoice label={words.plan} chosen={account.plan} onChange={(plan) => onChange({ plan })} />
        <div className="actions">
          <Button look="primary" onPress={() => setAsking(null)}>
            {strings.actions.done}
          </Button>
        </div>
      </Dialog>
      <Confirmation title={words.disableTitle(name)} text={words.disableText} action={words.disable} isOpen={asking === 'disable'} onClose={() => setAsking(null)} onConfirm={() => onChange({ disabled: true })} />
    </li>
  );
}
