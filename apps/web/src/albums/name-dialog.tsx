import { type ReactNode, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';

export interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly initial: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

/** Asks for a name: of an album, of a device. */
export function NameDialog(props: NameDialogProps): ReactNode {
  return (
    <Dialog title={props.title} isOpen={props.isOpen} onClose={props.onClose}>
      <NameForm {...props} />
    </Dialog>
  );
}

function NameForm({ label, action, initial, onClose, onName }: NameDialogProps): ReactNode {
  const [name, setName] = useState(initial);
  const isGiven = name.trim() !== '';
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isGiven) return;
        onClose();
        onName(name.trim());
      }}
    >
      <Field label={label} value={name} onChange={setName} maxLength={500} autoFocus />
      <div className="actions">
        <Button onPress={onClose}>{strings.actions.cancel}</Button>
        <Button type="submit" look="primary" isDisabled={!isGiven}>
          {action}
        </Button>
      </div>
    </form>
  );
}
