import { type ReactNode, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import type { AtRisk, Failure } from '../device/contract.ts';
import { formatBytes } from '../strings/format.ts';
import { items } from '../strings/plural.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Confirmation } from '../ui/dialog.tsx';
import { Problem } from '../ui/reason.tsx';

const words = strings.settings;

/** Who is signed in and where; and the two ways to leave. */
export function AccountCard(): ReactNode {
  const { session } = useDevice();
  const { account, library, device, server } = useMember();
  const [isLeaving, setLeaving] = useState(false);
  const [atRisk, setAtRisk] = useState<AtRisk | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const leave = async (evenIfAtRisk: boolean): Promise<void> => {
    const left = await session.leave({ evenIfAtRisk });
    if (!left.ok) setFailure(left.failure);
    else if (!left.value.left) setAtRisk(left.value.atRisk);
  };
  const lines = [
    [strings.navigation.account, `${account.name} · ${account.email}`],
    [strings.navigation.server, server],
    [strings.navigation.library, library.name],
    [words.thisDevice, device.name],
  ] as const;
  return (
    <section className="card">
      <h2>{words.account}</h2>
      {lines.map(([name, value]) => (
        <div className="line" key={name}>
          <span>{name}</span>
          <span>{value}</span>
        </div>
      ))}
      {failure && <Problem failure={failure} />}
      <div className="acts">
        <Button size="small" onPress={() => void session.signOut()}>
          {strings.session.signOut}
        </Button>
        <Button size="small" look="danger" onPress={() => setLeaving(true)}>
          {words.leave}
        </Button>
      </div>
      <p className="quiet-text">{words.signOutText}</p>
      <Confirmation title={words.leaveTitle} text={words.leaveText} action={words.leaveConfirm} isOpen={isLeaving} onClose={() => setLeaving(false)} onConfirm={() => void leave(false)} />
      <Confirmation
        title={words.leaveTitle}
        text={atRisk === null ? '' : words.leaveRefused(items(atRisk.items + atRisk.changes), formatBytes(atRisk.bytes))}
        action={words.leaveAnyway}
        isOpen={atRisk !== null}
        onClose={() => setAtRisk(null)}
        onConfirm={() => void leave(true)}
      />
    </section>
  );
}
