import { memoryPorts } from '../support/memory/ports.ts';
import { portsContract } from './contract.ts';

portsContract('ports in memory', async () => {
  const ports = memoryPorts();
  return {
    ...ports,
    bucket: 'exchange',
    put: (key, body) => ports.objects.put('exchange', key, body),
    accesses: async () => ports.access.items.map((access) => ({ ...access })),
  };
});
