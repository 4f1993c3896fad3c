import { X } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { dismissToast, toastStore } from './toast-queue.ts';
import './toast.css';

/** Above dialogs too, which keep everything else out of reach. */
export function Toasts(): ReactNode {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.now);
  return (
    <div className="toasts" role="status" aria-live="polite" data-react-aria-top-layer="true">
      {toasts.map(({ id, text, action }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          {action && (
            <Button
              look="quiet"
              size="small"
              onPress={() => {
                dismissToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton label={strings.actions.close} onPress={() => dismissToast(id)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
