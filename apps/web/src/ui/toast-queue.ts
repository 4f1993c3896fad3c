/** Short messages, most of them with a way back. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Long enough to read it and to reach it by keyboard (WCAG 2.2, 2.2.1 asks for more only where it cannot be undone otherwise). */
const SHOWN_MS = 8000;
const MOST = 3;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(to: readonly Toast[]): void {
  toasts = to;
  for (const listener of listeners) listener();
}

export function showToast(text: string, action: Toast['action'] = null): void {
  const id = nextId;
  nextId += 1;
  change([...toasts.slice(1 - MOST), { id, text, action }]);
  setTimeout(() => dismissToast(id), SHOWN_MS);
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export const toastStore = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  now: (): readonly Toast[] => toasts,
};
