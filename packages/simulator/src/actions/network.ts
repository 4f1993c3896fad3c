import type { Handlers } from './handler.ts';

export const networkHandlers: Handlers = {
  'bad network': (_world, device, action) => {
    const { link } = device;
    if (link.probability > 0 && action.x % 3 === 0) {
      link.heal();
      return 'has a good network again';
    }
    link.worsen(action.salt);
    return `has a network with: ${link.faults.join(', ')} (${link.probability})`;
  },
  'offline': (world, device) => {
    device.link.up = !device.link.up;
    if (!device.link.up) world.struck('device offline');
    device.ask((engine) => engine.wake());
    return device.link.up ? 'is online' : 'is offline';
  },
};
