import { Component, type ErrorInfo, type ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';

/** A defect of a page: said so, with the way on, in place of a blank screen. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="empty" role="alert">
        <h1>{strings.problem.crashed}</h1>
        <p>{strings.problem.crashedText}</p>
        <Button look="primary" onPress={() => location.reload()}>
          {strings.problem.reload}
        </Button>
      </main>
    );
  }
}
