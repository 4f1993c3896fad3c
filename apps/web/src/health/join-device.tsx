import { QrCode } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Failure } from '../device/contract.ts';
import { formatAgo } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/reason.tsx';
import { showToast } from '../ui/toast-queue.ts';
import { QrPicture } from './qr-picture.tsx';

/** An address for another device, to scan or to copy. */
export function JoinDevice(): ReactNode {
  const { session } = useDevice();
  const [invitation, setInvitation] = useState<{ readonly url: string; readonly expiresAt: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
    setInvitation(null);
    setFailure(null);
    void session.invite().then((made) => (made.ok ? setInvitation(made.value) : setFailure(made.failure)));
  };
  return (
    <>
      <Button size="small" onPress={open}>
        <QrCode />
        {strings.health.join}
      </Button>
      <Dialog title={strings.health.joinTitle} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className="lead">{strings.health.joinText}</p>
        {failure && <Problem failure={failure} />}
        {invitation && (
          <>
            <QrPicture text={invitation.url} />
            <p className="address">{invitation.url}</p>
            <p className="quiet-text">{formatAgo(invitation.expiresAt, Date.now())}</p>
          </>
        )}
        <div className="actions">
          {invitation && (
            <Button
              onPress={() => {
                void navigator.clipboard.writeText(invitation.url).then(() => showToast(strings.health.copied));
              }}
            >
              {strings.health.copyAddress}
            </Button>
          )}
          <Button look="primary" onPress={() => setOpen(false)}>
            {strings.actions.done}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
