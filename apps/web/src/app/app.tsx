import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Route, Switch } from 'wouter';
import type { Device } from '../device/contract.ts';
import { Starting } from '../session/starting.tsx';
import { Shell } from '../shell/shell.tsx';
import { strings } from '../strings/strings.ts';
import { Toasts } from '../ui/toasts.tsx';
import { DeviceProvider, MemberProvider, useDevice, useWatched } from './device-context.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Pages } from './pages.tsx';

// Who is signed in needs none of these.
const AcceptInvitation = lazy(async () => ({ default: (await import('../session/accept-invitation.tsx')).AcceptInvitation }));
const Failed = lazy(async () => ({ default: (await import('../session/failed.tsx')).Failed }));
const Join = lazy(async () => ({ default: (await import('../session/join.tsx')).Join }));
const SetUp = lazy(async () => ({ default: (await import('../session/set-up.tsx')).SetUp }));
const SignIn = lazy(async () => ({ default: (await import('../session/sign-in.tsx')).SignIn }));

export function App({ device }: { readonly device: Device }): ReactNode {
  useEffect(() => {
    document.title = strings.product;
  }, []);
  return (
    <DeviceProvider device={device}>
      <ErrorBoundary>
        <Suspense fallback={<Starting />}>
          <ByPhase />
        </Suspense>
      </ErrorBoundary>
      <Toasts />
    </DeviceProvider>
  );
}

/** Where this browser stands with the server decides what is seen. */
function ByPhase(): ReactNode {
  const state = useWatched(useDevice().session.state) ?? { phase: 'starting' as const };
  switch (state.phase) {
    case 'starting':
      return <Starting />;
    case 'failed':
      return <Failed failure={state.failure} />;
    case 'set_up':
      return <SetUp />;
    case 'signed_out':
      return (
        <Switch>
          <Route path="/join/:code">{({ code }) => <Join code={code} />}</Route>
          <Route path="/invitation/:code">{({ code }) => <AcceptInvitation code={code} />}</Route>
          <Route>
            <SignIn remembered={state.remembered} />
          </Route>
        </Switch>
      );
    case 'signed_in':
      return (
        <MemberProvider member={state.member}>
          <Shell halted={state.halted}>
            <Pages />
          </Shell>
        </MemberProvider>
      );
  }
}
