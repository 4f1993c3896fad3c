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
  'late answers': (world, device, action) => {
    const { link } = device;
    link.late = link.late !== 'none' ? 'none' : action.x % 2 === 0 ? 'changes' : 'library';
    if (link.late !== 'none') world.struck('network: answers late');
    return `has late answers: ${link.late}`;
  },
  'hear of news': (_world, device) => {
    device.ask((engine) => engine.serverHasNews(true));
    return 'hears that the server has news';
  },
  'offline': (world, device) => {
    device.link.up = !device.link.up;
    if (!device.link.up) world.struck('device offline');
    device.ask((engine) => engine.wake());
    return device.link.up ? 'is online' : 'is offline';
  },
};
