import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Device, Member, Watched } from '../device/contract.ts';

const DeviceContext = createContext<Device | null>(null);
const MemberContext = createContext<Member | null>(null);

export function DeviceProvider({ device, children }: { readonly device: Device; readonly children: ReactNode }): ReactNode {
  return <DeviceContext value={device}>{children}</DeviceContext>;
}

export function MemberProvider({ member, children }: { readonly member: Member; readonly children: ReactNode }): ReactNode {
  return <MemberContext value={member}>{children}</MemberContext>;
}

export function useDevice(): Device {
  const device = useContext(DeviceContext);
  if (device === null) throw new Error('no device around this component');
  return device;
}

/** Who is signed in; for what stands inside of the shell. */
export function useMember(): Member {
  const member = useContext(MemberContext);
  if (member === null) throw new Error('nobody is signed in around this component');
  return member;
}

export function useWatched<T>(watched: Watched<T>): T | undefined {
  return useSyncExternalStore(
    useCallback((listener: () => void) => watched.subscribe(listener), [watched]),
    useCallback(() => watched.get(), [watched]),
  );
}
