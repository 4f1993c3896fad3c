import { type ReactNode, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Failure } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/reason.tsx';

/** Made and shown before it is saved. */
export function SupportBundle(): ReactNode {
  const { health } = useDevice();
  const [bundle, setBundle] = useState<{ readonly fileName: string; readonly text: string } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const make = (): void => {
    setFailure(null);
    void health.supportBundle().then((made) => (made.ok ? setBundle(made.value) : setFailure(made.failure)));
  };
  const save = (): void => {
    if (bundle === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bundle.text], { type: 'application/json' }));
    link.download = bundle.fileName;
    link.click();
    URL.revokeObjectURL(link.href);
    setBundle(null);
  };
  return (
    <section>
      <div className="section-head">
        <h2>{strings.health.bundle}</h2>
        <Button size="small" onPress={make}>
          {strings.health.bundleMake}
        </Button>
      </div>
      <p className="quiet-text">{strings.health.bundleText}</p>
      {failure && <Problem failure={failure} />}
      <Dialog title={strings.health.bundle} isOpen={bundle !== null} onClose={() => setBundle(null)} isWide>
        <p className="lead">{strings.health.bundleText}</p>
        <pre className="bundle" tabIndex={0}>
          {bundle?.text}
        </pre>
        <div className="actions">
          <Button onPress={() => setBundle(null)}>{strings.actions.cancel}</Button>
          <Button look="primary" onPress={save}>
            {strings.health.save}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
