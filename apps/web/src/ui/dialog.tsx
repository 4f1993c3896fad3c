import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { strings } from '../strings/strings.ts';
import { Button } from './button.tsx';
import './dialog.css';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  /** For what is looked at and then left, and has no button of its own that ends it. */
  readonly hasClose?: boolean;
  /** For what must be answered. */
  readonly isAlert?: boolean;
  readonly children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, isWide = false, hasClose = false, isAlert = false, children }: DialogProps): ReactNode {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!isAlert} className="overlay">
      <Modal className={isWide ? 'modal wide' : 'modal'}>
        <AriaDialog role={isAlert ? 'alertdialog' : 'dialog'} className="dialog">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {hasClose && (
            <IconButton label={strings.actions.close} className="close" onPress={onClose}>
              <X />
            </IconButton>
          )}
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmationProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Asks before what cannot be undone. What can be undone is done at once and offers to be undone. */
export function Confirmation({ title, text, action, isOpen, onClose, onConfirm }: ConfirmationProps): ReactNode {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} isAlert>
      <p className="lead">{text}</p>
      <div className="actions">
        <Button onPress={onClose} autoFocus>
          {strings.actions.cancel}
        </Button>
        <Button
          look="danger filled"
          onPress={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
